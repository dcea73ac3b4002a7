"""Other readings of a formula: where the way it is written leaves open what belongs together.

`1/2x` may be meant as 1/(2x), `ln x/y` as ln(x/y), `sin x y` as sin(x)·y. Such a reading never makes two formulas
equal; it only keeps them from being called different.
"""

from collections.abc import Callable, Iterator

from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.tree import Call, Div, Expr, Mul, Num, Pow, walk

Change = Callable[[Expr], Expr]


def other_readings(first: Expr, second: Expr) -> Iterator[tuple[Expr, Expr, str]]:
    """Both formulas with one kind of doubtful place read in the other way, in either or both, and what that is."""
    parts = [part for tree in (first, second) for part in walk(tree)]
    for is_doubtful, change, meaning in _READINGS:
        if any(is_doubtful(part) for part in parts):
            a, b = change(first), change(second)
            yield a, second, meaning
            yield first, b, meaning
            yield a, b, meaning


def _is_tight(node: Expr) -> bool:
    return isinstance(node, Mul) and node.tight


def _loosened(node: Expr) -> Expr:
    """`a/b c` as a/(b c)."""
    if isinstance(node, Mul) and node.tight and isinstance(node.factors[0], Div):
        first = node.factors[0]
        rest = tuple(_loosened(part) for part in (first.bottom, *node.factors[1:]))
        return Div(_loosened(first.top), Mul(rest))
    return rebuilt(node, _loosened)


def _is_bare(node: Expr) -> bool:
    return isinstance(node, Call) and node.bare


def _is_bare_quotient(node: Expr) -> bool:
    return isinstance(node, Div) and node.bare and isinstance(_last_of(node.top), Call)


def _last_of(node: Expr) -> Expr | None:
    """The function without brackets at the end of a product."""
    last = node.factors[-1] if isinstance(node, Mul) else node
    return last if isinstance(last, Call) and last.bare else None


def _widened(node: Expr) -> Expr:
    """`ln x/y` as ln(x/y)."""
    if isinstance(node, Div) and node.bare and isinstance(last := _last_of(node.top), Call):
        inside = Call(last.function, (Div(_widened(last.args[0]), _widened(node.bottom)), *last.args[1:]))
        if isinstance(node.top, Mul):
            return Mul((*(_widened(factor) for factor in node.top.factors[:-1]), inside))
        return inside
    return rebuilt(node, _widened)


def _narrowed(node: Expr) -> Expr:
    """`sin x y` as sin(x)·y, `sin x^2` as sin(x)²."""
    if isinstance(node, Call) and node.bare:
        match node.args[0]:
            case Mul((Num() as number, name, *rest)) if rest:
                return Mul((Call(node.function, (Mul((number, name)), *node.args[1:])), *rest))
            case Mul((first, *rest)):
                return Mul((Call(node.function, (first, *node.args[1:])), *rest))
            case Pow(base, exponent):
                return Pow(Call(node.function, (base, *node.args[1:])), exponent)
    return rebuilt(node, _narrowed)


_READINGS: tuple[tuple[Callable[[Expr], bool], Change, str], ...] = (
    (_is_tight, _loosened, "a/b c is read as a/(b c)"),
    (_is_bare_quotient, _widened, "the function reaches over the slash"),
    (_is_bare, _narrowed, "the function ends with the first name behind it"),
)
