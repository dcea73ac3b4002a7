"""The LALR grammar of student mathematics, over the tokens of the scanner.

Lark makes the tables of the grammar; the loop over them is our own, as the tokens are made already and a formula is
read in a third of the time. Lark prefers to read on where it could also stop: a sum sign takes the whole product
behind it, `sin 2x` both factors.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lark import Lark
from lark.lexer import Lexer

from app.grading.mathematics.building import Builder
from app.grading.mathematics.tokens import Tok
from app.grading.mathematics.tree import Expr

GRAMMAR = r"""
start: relation

?relation: piece | chain
chain: piece REL piece -> compared | chain REL piece -> chained
?piece: sum
    | sum OTHERWISE -> first
    | sum IF condition -> guarded
    | sum IF condition ELSE piece -> guarded
    | sum IF condition PIECE piece -> guarded
    | IF condition THEN piece ELSE piece -> if_then
?condition: comparison | comparison (AND comparison)+ -> both
?comparison: sum | sums
sums: sum REL sum -> compared | sums REL sum -> chained

?sum: product | sum PLUS product -> add | sum MINUS product -> subtract
?product: unary | product TIMES unary -> times | product SLASH unary -> divide | product MOD unary -> modulo
    | product tight -> juxtaposed
?unary: MINUS unary -> negative | PLUS unary -> second | power
?power: number | number POW exponent -> to_power | tight
?exponent: power | MINUS exponent -> negative | PLUS exponent -> second
?number: NUM -> num | NUM PERCENT -> percent | number BANG -> factorial
?tight: marked | marked POW exponent -> to_power
?marked: thing | marked BANG -> factorial

?thing: symbol | call | applied | big | gradient
    | group
    | ABSO relation ABSC -> absolute
    | IND LPAR condition RPAR -> indicator
    | IND SUBO condition SUBC -> indicator
    | CASEO row (ROW row)* CASEC -> cases
    | DOTS -> dots
    | INFTY -> infinity
    | PARTIAL -> partial
    | PARTIAL target -> partial
group: LPAR list RPAR
row: sum SEP condition -> guarded
    | sum SEP IF condition -> case
    | sum SEP (OTHERWISE | ELSE) -> first
    | sum -> first
list: relation (COMMA relation)* COMMA?
symbol: NAME | symbol index -> indexed
index: SUBO list SUBC -> lower | SUPO list SUPC -> upper

call: FUNC index* LPAR list RPAR -> call
    | FUNC index* POW exponent LPAR list RPAR -> call
    | FUNC index* bare -> call
    | FUNC index* POW exponent bare -> call
?bare: NUM -> num | NUM bare_product -> juxtaposed | MINUS bare_factor -> negative | bare_product
?bare_product: bare_factor | bare_product bare_name -> juxtaposed
?bare_factor: bare_name | call | ABSO relation ABSC -> absolute
?bare_name: symbol | symbol POW exponent -> to_power | applied
applied: CALLER index* LPAR list RPAR | CALLER index* LPAR list BAR list RPAR -> conditional

big: (SUM | PROD) lower? big_upper? product
lower: SUBO list SUBC
big_upper: POW exponent | SUPO list SUPC
gradient: NABLA lower? | NABLA lower? target
?target: symbol | applied | group

%declare REL OTHERWISE IF ELSE PIECE THEN AND PLUS MINUS TIMES SLASH MOD POW NUM PERCENT BANG ABSO ABSC IND LPAR RPAR
%declare SUBO SUBC SUPO SUPC CASEO ROW CASEC SEP DOTS INFTY PARTIAL NAME FUNC CALLER COMMA BAR SUM PROD NABLA
"""


class Unexpected(ValueError):
    """No formula goes on like this; `place` is the number of the token, or of all tokens where the formula breaks off."""

    def __init__(self, place: int) -> None:
        super().__init__(f"token {place} does not fit")
        self.place = place


# How many of the last things are one, what makes it of them, and the state to go on in, by the state before them.
# A plain tuple, as the loop takes it apart in half the time of a named one.
_Joined = tuple[int, Callable[[list[Any]], Any], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class _Tables:
    """What to do in each state with each kind of token: take it and go on in another state, or join things first."""

    start: int
    end: int
    steps: Sequence[Mapping[str, Any]]  # int or _Joined, told apart by the loop


_END = Tok("$END", "", 0, 0)


def tree_of(tokens: Sequence[Tok]) -> Expr:
    """The formula that the tokens are; raises Unexpected and what the builder raises."""
    tables = _tables()
    steps, state, states, things = tables.steps, tables.start, [tables.start], list[Any]()
    for place, token in enumerate((*tokens, _END)):
        kind = token[0]
        step = steps[state].get(kind)
        while type(step) is tuple:  # in less time than isinstance takes
            size, build, after = step
            parts = things[-size:]
            if size > 1:
                del things[1 - size :], states[1 - size :]
            things[-1] = build(parts)
            states[-1] = state = after[states[-2]]
            step = steps[state].get(kind)
        if step is None:
            if state != tables.end:
                raise Unexpected(place)
            break
        state = step
        states.append(state)
        things.append(token)
    tree: Expr = things[-1]
    return tree


@cache
def _tables() -> _Tables:
    """Lark's tables, made at the first use."""
    lark = Lark(GRAMMAR, parser="lalr", lexer=_NoLexer, transformer=Builder(), maybe_placeholders=False)
    parser: Any = lark.parser.parser.parser
    table = parser.parse_table
    rows = _Rows([table.states[state] for state in range(len(table.states))])

    def step(kind: str, argument: Any) -> int | _Joined:
        if isinstance(argument, int):
            return argument
        after = rows.after(argument.origin.name, kind)
        return len(argument.expansion), parser.callbacks[argument], after

    steps = [
        {
            kind: step(kind, argument)
            for kind, (_, argument) in row.items()
            if kind.isupper() or kind == "$END"
        }
        for row in rows.rows
    ]
    return _Tables(table.start_states["start"], table.end_states["start"], steps)


class _Rows:
    """Lark's own rows: by state and kind, a state to go on in or a rule that joins the last things."""

    def __init__(self, rows: list[dict[str, tuple[Any, Any]]]) -> None:
        self.rows = rows
        self._after: dict[tuple[str, str], Mapping[int, int]] = {}

    def after(self, name: str, kind: str) -> Mapping[int, int]:
        """The states to go on in behind a thing of this name, by the state before it, if a token of this kind follows.

        Rules that only give one thing another name, such as a symbol that is a product and a sum, are gone through here.
        """
        if (name, kind) not in self._after:
            self._after[name, kind] = {
                before: self._named(before, row[name][1], kind)
                for before, row in enumerate(self.rows)
                if name in row
            }
        return self._after[name, kind]

    def _named(self, before: int, state: int, kind: str) -> int:
        rule = self.rows[state].get(kind, (None, None))[1]
        while (
            getattr(rule, "options", None)
            and rule.options.expand1
            and not rule.alias
            and len(rule.expansion) == 1
        ):
            state = self.rows[before][rule.origin.name][1]
            rule = self.rows[state].get(kind, (None, None))[1]
        return state


class _NoLexer(Lexer):
    """Lark wants a lexer for the grammar; ours is the scanner."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        """Never called."""
        raise NotImplementedError
