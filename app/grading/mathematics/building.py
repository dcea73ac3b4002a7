"""What the grammar's rules build: each method takes the children of one rule and returns a node."""

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from lark import Transformer

from app.grading.mathematics.tokens import Tok
from app.grading.mathematics.tree import (
    ONE,
    ZERO,
    Add,
    And,
    Apply,
    BigSum,
    Call,
    Cases,
    Div,
    Dots,
    Expr,
    Grad,
    Mul,
    Neg,
    Num,
    Pow,
    Rel,
    Seq,
    Sym,
    is_number,
)  # fmt: skip
from app.grading.mathematics.vocabulary import SEVERAL_ARGUMENTS

EXPONENT_LIMIT = 400
TRIGONOMETRIC = frozenset("sin cos tan cot sec csc sinh cosh tanh".split())
_OF_THE_INVERSE = {
    "acsc": "asin",
    "asec": "acos",
    "acsch": "asinh",
    "asech": "acosh",
    "acoth": "atanh",
}  # of 1/x
_CONDITIONS = frozenset({Rel, And})
_TWO_ARGUMENTS = frozenset({"log", "root", "binom"})


class NotMathematics(ValueError):
    """The tokens fit the grammar but mean nothing: a function with too many arguments, a number out of range."""


Items = list[Any]


class Builder(Transformer):  # type: ignore[type-arg]
    """The rules of the grammar by name."""

    def start(self, items: Items) -> Expr:
        return _node(items[0])

    def first(self, items: Items) -> Expr:
        return _node(items[0])

    def second(self, items: Items) -> Expr:
        return _node(items[1])

    def num(self, items: Items) -> Num:
        return _number(items[0].value)

    def percent(self, items: Items) -> Num:
        return Num(read_literal(_text(items[0])) / 100)

    def add(self, items: Items) -> Expr:
        return _sum(items[0], as_factor(items[2]))

    def subtract(self, items: Items) -> Expr:
        return _sum(items[0], Neg(as_factor(items[2])))

    def times(self, items: Items) -> Expr:
        return _product(items[0], items[2])

    def juxtaposed(self, items: Items) -> Expr:
        first = self.num(items) if not isinstance(items[0], _NODES) else items[0]
        product = _product(first, items[1])
        if isinstance(first, Div) and first.bare and isinstance(product, Mul):
            return replace(product, tight=True)
        return product

    def divide(self, items: Items) -> Expr:
        return _quotient(items[0], as_factor(items[2]))

    def modulo(self, items: Items) -> Expr:
        return Call("mod", (as_factor(items[0]), as_factor(items[2])))

    def negative(self, items: Items) -> Expr:
        return Neg(as_factor(items[1]))

    def to_power(self, items: Items) -> Expr:
        return Pow(as_factor(items[0]), as_factor(items[2]))

    def factorial(self, items: Items) -> Expr:
        return Call("factorial", (as_factor(items[0]),))

    def absolute(self, items: Items) -> Expr:
        return Call("abs", (as_factor(items[1]),))

    def compared(self, items: Items) -> Rel:
        left, sign, right = items
        return Rel((sign.value,), (left, right))

    def chained(self, items: Items) -> Rel:
        chain, sign, right = items
        return Rel((*chain.signs, sign.value), (*chain.sides, right))

    def both(self, items: Items) -> Expr:
        return And(tuple(items[::2]))

    def guarded(self, items: Items) -> Expr:
        return _guarded(items[0], items[2], items[4] if len(items) > 3 else None)

    def case(self, items: Items) -> Expr:
        return _guarded(items[0], items[3], None)

    def if_then(self, items: Items) -> Expr:
        return _guarded(items[3], items[1], items[5])

    def cases(self, items: Items) -> Expr:
        rows = items[1:-1:2]
        pieces = tuple(piece for row in rows if isinstance(row, Cases) for piece in row.pieces)
        others = [row for row in rows if not isinstance(row, Cases)]
        if len(others) > 1 or not pieces:
            raise NotMathematics("the pieces of the cases have no conditions")
        return Cases(pieces, others[0] if others else None)

    def indicator(self, items: Items) -> Expr:
        return Cases(((ONE, items[2]),), ZERO)

    def dots(self, items: Items) -> Expr:
        return Dots()

    def infinity(self, items: Items) -> Expr:
        return Sym("∞")

    def partial(self, items: Items) -> Expr:
        return Apply(Sym("∂"), (items[1],)) if len(items) > 1 else Sym("∂")

    def list(self, items: Items) -> tuple[Expr, ...]:
        return tuple(items[::2])

    def group(self, items: Items) -> Expr:
        opener, inside = _text(items[0]), items[1]
        if len(inside) == 1 and not (opener == "[" and isinstance(inside[0], Seq) and inside[0].kind == "["):
            only: Expr = inside[0]
            return replace(only, bare=False) if isinstance(only, Div) else only
        return Seq(opener, inside)

    def lower(self, items: Items) -> tuple[str, Expr]:
        return "sub", _one(items[1])

    def upper(self, items: Items) -> tuple[str, Expr]:
        return "sup", _one(items[1])

    def big_upper(self, items: Items) -> tuple[str, Expr]:
        return "upper", items[1] if isinstance(items[1], _NODES) else _one(items[1])

    def symbol(self, items: Items) -> Expr:
        name: Sym = items[0].value
        return name

    def indexed(self, items: Items) -> Expr:
        return _indexed(items[0], items[1:])

    def call(self, items: Items) -> Expr:
        return _call(items)

    def applied(self, items: Items) -> Expr:
        return Apply(_indexed(items[0].value, items[1:-3]), items[-2])

    def conditional(self, items: Items) -> Expr:
        return Apply(_indexed(items[0].value, items[1:-5]), items[-4], items[-2])

    def big(self, items: Items) -> Expr:
        bounds = dict(item for item in items[1:-1])
        kind = "sum" if items[0].kind == "SUM" else "prod"
        return _big(kind, bounds.get("sub"), bounds.get("upper"), items[-1])

    def gradient(self, items: Items) -> Expr:
        parts = items[1:]
        by = parts.pop(0)[1] if parts and not isinstance(parts[0], _NODES) else None
        return Grad(parts[0] if parts else None, by)


_NODES = (Num, Sym, Add, Mul, Neg, Div, Pow, Call, Apply, Grad, BigSum, Cases, Rel, And, Seq, Dots)


def _node(item: Any) -> Expr:
    node: Expr = item
    return node


def _text(token: Tok) -> str:
    return str(token.value)


@lru_cache(maxsize=1024)
def _number(text: str) -> Num:
    return Num(read_literal(text))


def read_literal(text: str) -> Fraction:
    """The exact value of a number as the scanner writes it: `0.001`, `4e-4`, `1/2`."""
    exponent = text.lower().partition("e")[2]
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > EXPONENT_LIMIT):
        raise NotMathematics(f"the number {text} is out of range")
    return Fraction(text)


def as_factor(node: Expr) -> Expr:
    """A condition in brackets that is used like a number is 1 where it holds and 0 elsewhere."""
    return Cases(((ONE, node),), ZERO) if type(node) in _CONDITIONS else node


def _sum(left: Expr, right: Expr) -> Expr:
    terms = left.terms if type(left) is Add else (as_factor(left),)
    return Add((*terms, right))


def _quotient(top: Expr, bottom: Expr) -> Expr:
    """`-1/N` is minus a quotient, and in `α dL/dθ` the differentials belong together."""
    if isinstance(top, Neg):
        return Neg(_quotient(top.of, bottom))
    if isinstance(top, Mul) and _is_differential(top.factors[-1]) and _is_differential(bottom):
        return Mul((*top.factors[:-1], Div(top.factors[-1], bottom)))
    return Div(as_factor(top), bottom, bare=True)


def _is_differential(node: Expr) -> bool:
    if isinstance(node, Apply):
        return node.head.name == "∂"
    return isinstance(node, Sym) and len(node.name) == 2 and node.name[0] == "d"


def _product(left: Expr, right: Expr) -> Mul | Neg:
    if type(left) is Neg:
        return Neg(_product(left.of, right))
    if type(left) is Mul:
        return Mul((*left.factors, as_factor(right)), left.tight)
    return Mul((as_factor(left), as_factor(right)))


def _guarded(value: Expr, condition: Expr, rest: Expr | None) -> Expr:
    if isinstance(rest, Cases):
        return Cases(((value, condition), *rest.pieces), rest.otherwise)
    return Cases(((value, condition),), rest)


def _one(items: tuple[Expr, ...]) -> Expr:
    return items[0] if len(items) == 1 else Seq("(", items)


def _indexed(name: Sym, indices: Items) -> Sym:
    given = {"sub": name.sub, "sup": name.sup, **dict(indices)}
    return Sym(name.name, name.accent, **given)


def _call(items: Items) -> Expr:
    """FUNC index* (POW exponent)? (LPAR list RPAR | bare)."""
    name = str(items[0].value)
    rest = items[1:]
    index = None if isinstance(rest[0], (Tok, *_NODES)) else rest.pop(0)[1]
    exponent = rest[1] if getattr(rest[0], "kind", "") == "POW" else None
    arguments = rest[-2] if getattr(rest[-1], "kind", "") == "RPAR" else (rest[-1],)
    if len(arguments) == 1 and isinstance(arguments[0], Seq) and name in SEVERAL_ARGUMENTS:
        arguments = arguments[0].items
    if (
        exponent is not None
        and name in TRIGONOMETRIC
        and isinstance(exponent, Neg)
        and is_number(exponent.of, 1)
    ):
        name, exponent = "a" + name, None
    node = _function(name, index, arguments)
    if isinstance(node, Call) and getattr(rest[-1], "kind", "") not in {"RPAR", "ABSC"}:
        node = replace(node, bare=True)
    return node if exponent is None else Pow(node, as_factor(exponent))


def _function(name: str, index: Expr | None, arguments: tuple[Expr, ...]) -> Expr:
    arguments = tuple(as_factor(argument) for argument in arguments)
    if name == "log10":
        name, index = "log", Num(Fraction(10))
    if name == "cbrt":
        name, arguments = "root", (*arguments, Num(Fraction(3)))
    if name in _OF_THE_INVERSE and index is None and len(arguments) == 1:
        return Call(_OF_THE_INVERSE[name], (Div(ONE, arguments[0]),))
    if name == "acot" and index is None and len(arguments) == 1:
        # Below zero there are two conventions, so nothing is said there.
        return Cases(((Call("atan", (Div(ONE, arguments[0]),)), Rel((">",), (arguments[0], ZERO))),))
    if name == "log" and index is not None and len(arguments) == 1:
        return Call(name, (*arguments, index))
    if index is not None:
        return Apply(Sym(name, sub=index), arguments)
    most = 2 if name in _TWO_ARGUMENTS else 1
    if len(arguments) > most and name not in {"max", "min", "gcd"}:
        raise NotMathematics(f"{name} has too many arguments")
    if len(arguments) < 2 and name in {"root", "binom"}:
        raise NotMathematics(f"{name} needs two arguments")
    return Call(name, arguments)


def _big(kind: str, sub: Expr | None, upper: Expr | None, body: Expr) -> BigSum:
    if sub is None and isinstance(body, Seq) and len(body.items) == 4 and isinstance(body.items[1], Sym):
        inner, index, lower, top = body.items  # sum(k^2, k, 1, n)
        return BigSum(kind, inner, index if isinstance(index, Sym) else None, lower, top)
    if isinstance(sub, Sym):
        return BigSum(kind, as_factor(body), sub, None, upper)
    if not isinstance(sub, Rel) or not isinstance(sub.sides[0], Sym):
        return BigSum(kind, as_factor(body), None, None, upper)
    index, start = sub.sides[0], sub.sides[1]
    if isinstance(start, Mul) and len(start.factors) > 2 and isinstance(start.factors[1], Dots):
        return BigSum(kind, as_factor(body), index, start.factors[0], _product_of(start.factors[2:]))
    return BigSum(kind, as_factor(body), index, start, upper)


def _product_of(factors: tuple[Expr, ...]) -> Expr:
    return factors[0] if len(factors) == 1 else Mul(factors)
