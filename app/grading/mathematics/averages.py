"""A mean or sum over samples in front of a formula: taken off, the formula of one sample is left.

`-1/N Σ_{i=1}^{N} (y_i log p_i + …)` leaves `-(y log p + …)`. Surprising: in `Σ_i a_i · Σ_i b_i` nothing is taken
off, as the two sums do not belong to one formula.
"""

from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import Add, BigSum, Div, Expr, Mul, Neg, Num, Sym, walk

_INDEX_LETTERS = frozenset("ijklmnst")
_ONE = Num(Fraction(1))


@lru_cache(maxsize=256)  # an answer is looked at for several shapes
def without_average(expr: Expr) -> Expr | None:
    """The formula of one sample; None if there is neither a sum nor an index."""
    sums = [node for node in walk(expr) if isinstance(node, BigSum) and node.kind == "sum"]
    if any(isinstance(part.lower, Num) and part.lower.value not in (0, 1) for part in sums):
        return None  # a sum from the second sample on leaves one out
    if len(_indices_in(expr)) > 1:  # y_i beside p_j
        return None
    if len(sums) > 1:
        return _in_every_term(expr)
    count = sums[0].upper if sums else None
    bare = _without_sum(expr)
    counted = _without_count(bare, count)
    stripped = _without_indices(counted)
    return stripped if sums or stripped != expr else None


def _in_every_term(expr: Expr) -> Expr | None:
    """`Σ a_i + Σ b_i` is `Σ (a_i + b_i)`; sums inside sums or products of sums are left alone."""
    if any(isinstance(node, Mul) and sum(_holds_sum(f) for f in node.factors) > 1 for node in walk(expr)):
        return None
    if any(isinstance(node, BigSum) and _holds_sum(node.body) for node in walk(expr)):
        return None
    return _without_indices(_without_count(_without_sum(expr), None))


def _holds_sum(node: Expr) -> bool:
    return any(isinstance(part, BigSum) for part in walk(node))


def _without_sum(node: Expr) -> Expr:
    if isinstance(node, BigSum) and node.kind == "sum":
        return node.body
    return rebuilt(node, _without_sum)


def _without_count(node: Expr, count: Expr | None) -> Expr:
    """Without the division by the number of samples: `1/N`, `-1/N`, `…/N`."""
    if isinstance(node, Add):
        return Add(tuple(_without_count(term, count) for term in node.terms))
    if isinstance(node, Neg):
        return Neg(_without_count(node.of, count))
    if isinstance(node, Div) and _is_count(node.bottom, node.top, count):
        return node.top
    if isinstance(node, Mul):
        for at, factor in enumerate(node.factors):
            rest = Mul((*node.factors[:at], _ONE, *node.factors[at + 1 :]))
            if isinstance(factor, Div) and _is_count(factor.bottom, rest, count):
                return Mul((*node.factors[:at], factor.top, *node.factors[at + 1 :]))
    return node


def _is_count(node: Expr, rest: Expr, count: Expr | None) -> bool:
    if count is not None:
        return node == count
    return isinstance(node, Sym) and node.sub is None and node not in symbols_in(rest)


def _without_indices(node: Expr) -> Expr:
    """Names without the index of their sample: `y_i`, `y^{(i)}`."""
    if isinstance(node, Sym):
        if node.sub is None and node.sup is None:
            return node
        sub, sup = (None if _is_index(index) else index for index in (node.sub, node.sup))
        return Sym(node.name, node.accent, sub, sup)
    return rebuilt(node, _without_indices)


def _indices_in(expr: Expr) -> set[str]:
    """The letters of samples at the names of a formula."""
    names = [node for node in walk(expr) if isinstance(node, Sym)]
    indices = [index for name in names for index in (name.sub, name.sup) if index is not None]
    return {index.name for index in indices if isinstance(index, Sym) and _is_index(index)}


def _is_index(node: Expr | None) -> bool:
    return isinstance(node, Sym) and node.name in _INDEX_LETTERS and node.sub is None
