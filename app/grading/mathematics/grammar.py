"""The LALR grammar of student mathematics, over the tokens of the scanner.

Lark prefers to read on where it could also stop: a sum sign takes the whole product behind it, `sin 2x` both factors.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from lark import Lark, Token
from lark.lexer import Lexer

from app.grading.mathematics.building import Builder
from app.grading.mathematics.tokens import Tok
from app.grading.mathematics.tree import Expr

GRAMMAR = r"""
start: relation

?relation: piece | piece (REL piece)+ -> chain
?piece: sum
    | sum OTHERWISE -> first
    | sum IF condition -> guarded
    | sum IF condition ELSE piece -> guarded
    | sum IF condition PIECE piece -> guarded
    | IF condition THEN piece ELSE piece -> if_then
?condition: comparison | comparison (AND comparison)+ -> both
?comparison: sum | sum (REL sum)+ -> chain

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
symbol: NAME index*
index: SUBO list SUBC -> lower | SUPO list SUPC -> upper

call: FUNC index* LPAR list RPAR -> call
    | FUNC index* POW exponent LPAR list RPAR -> call
    | FUNC index* bare -> call
    | FUNC index* POW exponent bare -> call
?bare: NUM -> num | NUM bare_factor -> juxtaposed | MINUS bare_factor -> negative | bare_product
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


class _Ready(Lexer):
    """Hands the scanner's tokens to Lark."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, data: list[Tok]) -> Iterator[Token]:  # type: ignore[override]
        """One Lark token per scanned token."""
        for number, token in enumerate(data):
            yield Token(token.kind, token, start_pos=number)


def tree_of(tokens: list[Tok]) -> Expr:
    """The formula that the tokens are; raises what Lark and the builder raise."""
    made: Any = _parser().parse(tokens)
    tree: Expr = made
    return tree


@cache
def _parser() -> Lark:
    """The parser, made at the first use."""
    return Lark(GRAMMAR, parser="lalr", lexer=_Ready, transformer=Builder(), maybe_placeholders=False)
