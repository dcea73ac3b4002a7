"""Powers of what may be negative: formulas that are equal for positive bases need not be equal below zero.

`x^n` has a value for x > 0 whatever n is, and there it is the same as `|x|^n`; for n = 1 and x < 0 it is not. So open
exponents are tried with a few numbers, and odd roots below zero. Surprising: `(x^2)^n` and `x^(2n)` are the same for
all whole n, but not for n = 1/2.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product

from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.powers import E_SYMBOL
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.splitting import constant, surely_positive, symbols_in
from app.grading.mathematics.tree import Call, Expr, Num, Pow, Sym, kinds_in, walk
from app.grading.mathematics.writing import to_text

NUMBERS = (Fraction(1), Fraction(2), Fraction(3), Fraction(-3), Fraction(1, 2))
MOST_TRIES = 50

Where = Mapping[str, Expr]


def changes_below_zero(node: Expr) -> bool:
    """Whether there is a power of another kind than x^2 and e^x."""
    return Pow in kinds_in(node) and any(
        isinstance(part, Pow)
        and part.base != E_SYMBOL
        and not (isinstance(part.exponent, Num) and part.exponent.value.denominator == 1)
        for part in walk(node)
    )


def exponents_to_try(a: Expr, b: Expr, positive: frozenset[str]) -> Iterator[Where]:
    """Numbers for the names in exponents of what may be negative."""
    powers = [
        part for tree in (a, b) for part in walk(tree) if isinstance(part, Pow) and _is_open(part, positive)
    ]
    names = sorted({to_text(name) for power in powers for name in symbols_in(power.exponent)})
    if powers:
        for numbers in islice(product(NUMBERS, repeat=len(names)), MOST_TRIES):
            yield {name: Num(number) for name, number in zip(names, numbers, strict=True)}


def with_numbers(node: Expr, where: Where) -> Expr:
    """The formula with numbers in place of names; exponents that are then numbers are worked out."""
    if isinstance(node, Sym):
        return where.get(to_text(node), node)
    changed = rebuilt(node, lambda part: with_numbers(part, where))
    if isinstance(changed, Pow) and (power := _worked_out(changed.exponent)) is not None:
        return Pow(changed.base, Num(power))
    return changed


def _worked_out(exponent: Expr) -> Fraction | None:
    """The exact value of an exponent without names, such as √4."""
    number = constant(exponent)
    if number is not None or symbols_in(exponent):
        return number
    try:
        found = evaluate(exponent)
    except NoValue:
        return None
    return found.value if found.exact else None


def with_powers_as_names(node: Expr, positive: frozenset[str]) -> Expr:
    """The formula with a name for each power that is open: what is equal then is equal whatever they are."""
    if isinstance(node, Pow) and _is_open(node, positive):
        return Sym(f"⟨{to_text(node)}⟩")
    return rebuilt(node, lambda part: with_powers_as_names(part, positive))


def with_real_roots(node: Expr) -> Expr:
    """The formula with `x^(p/q)` as a power of the q-th root where q is odd: this root has a value below zero."""
    if isinstance(node, Pow):
        power = constant(node.exponent)
        if power is not None and power.denominator % 2 and power.denominator > 1:
            root = Call("root", (with_real_roots(node.base), Num(Fraction(power.denominator))))
            return Pow(root, Num(Fraction(power.numerator)))
    return rebuilt(node, with_real_roots)


def _is_open(power: Pow, positive: frozenset[str]) -> bool:
    """Whether the exponent is no number and the base may be negative."""
    base = power.base
    surely = surely_positive(base) or (isinstance(base, Sym) and to_text(base) in positive)
    return not surely and constant(power.exponent) is None
