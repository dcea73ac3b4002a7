"""Are two formulas the same function?

"equal" is said only where it is proved: both are evaluated exactly in a finite field, on every side of every
threshold (`sides`), and agree in floating point too. "different" needs a point where they plainly differ, or, for
quotients of polynomials, the exact values. Everything else is "unsure". Formulas are functions of real numbers and
are compared where both have values: (x²-1)/(x-1) equals x+1, log(x²) equals 2·log(x); but √(x²) is not x, nor x^n |x|^n.

`x(x+1)` and `x^2+x` are equal. Surprising: `max(0, x-100)` and `0` are different (x = 101), and so are `x` and
`x + 1e-9`; 1(x>0) and 1(x≥0) differ at one point, which counts only if `edges` is set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.grading.mathematics.edges import edge_difference, points_beside
from app.grading.mathematics.effort import Effort
from app.grading.mathematics.exact import NoValue, evaluate
from app.grading.mathematics.negative_bases import (
    changes_below_zero,
    exponents_to_try,
    with_numbers,
    with_powers_as_names,
    with_real_roots,
)
from app.grading.mathematics.powers import IMAGINARY
from app.grading.mathematics.probing import EFFORT, Probe, Search
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.sides import Finding, bounds_in, compare_exactly, is_rational, terms_needed
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import (
    Add,
    BigSum,
    Call,
    Cases,
    Div,
    Dots,
    Expr,
    Mul,
    Neg,
    Num,
    Pow,
    Sym,
    kept_in_tree,
    kinds_in,
    walk,
)
from app.grading.mathematics.writing import to_text
from app.grading.memory import FORMULAS

FIRST_POINTS = 2
ENOUGH_POINTS = 3  # beside a proof in the field
SAFE_POINTS = 12
EVERY_POINT = 1000
STEPS_BELOW_ZERO = 20_000  # of all comparisons with numbers as exponents
_RATIONAL = frozenset({Num, Sym, Add, Mul, Neg, Div, Pow})
_LIMITS = frozenset({"∞", "lim"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """`verdict` is "equal", "different", "unsure" or "unreadable"; `reason` is one plain sentence."""

    verdict: str
    reason: str

    @property
    def equal(self) -> bool:
        """Whether it is settled that both are the same."""
        return self.verdict == "equal"


@dataclass(frozen=True, slots=True)
class Domain:
    """What is agreed about the comparison.

    `positive`: names that are positive. `edges`: a difference exactly on the edge of a piece counts.
    `partial`: where one formula says nothing (`w if y>0` without else), the other may be anything.
    """

    positive: frozenset[str] = frozenset()
    edges: bool = True
    partial: bool = False


EVERYWHERE = Domain()
_TOO_MANY_POWERS = Comparison("unsure", "They are equal where the bases of their powers are positive.")
_FOR_POSITIVE_BASES = Comparison("unsure", "They are equal where the base of a root is positive.")


@lru_cache(maxsize=FORMULAS)
def same_function(a: Expr, b: Expr, domain: Domain = EVERYWHERE) -> Comparison:
    """Compare two formulas that have values (for equations see `relations`)."""
    return _compared(a, b, domain)


def _compared(a: Expr, b: Expr, domain: Domain, effort: Effort | None = None) -> Comparison:
    """The comparison; `effort` is shared by all comparisons that belong to one."""
    if hash(a) == hash(b) and a == b:  # the hashes are there, other trees mostly differ in them
        return Comparison("equal", "Both are written the same.")
    if Dots in kinds_in(a) or Dots in kinds_in(b):
        return Comparison("unsure", "What stands for the dots is not known.")
    symbols = symbols_in(a) | symbols_in(b)
    if not symbols and (numbers := _compared_as_numbers(a, b)) is not None:
        return numbers
    found = _compared_as_functions(a, b, domain, effort)
    if not found.equal and not _LIMITS.isdisjoint([symbol.name for symbol in symbols]):
        return Comparison("unsure", "Limits and infinite sums are not computed.")
    return found


def _compared_as_numbers(a: Expr, b: Expr) -> Comparison | None:
    """Two numbers whose values are exact: `5!/3!` and 20."""
    try:
        first, second = evaluate(a), evaluate(b)
    except NoValue:
        return None
    if not (first.exact and second.exact):
        return None
    if first.value == second.value:
        return Comparison("equal", "Both are the same number.")
    if max(abs(first.value), abs(second.value)) > 10**300:
        return Comparison("different", "They are different numbers.")
    one, other = f"{float(first.value):.6g}", f"{float(second.value):.6g}"
    if one == other:
        return Comparison("different", f"They differ by {float(abs(first.value - second.value)):.2g}.")
    return Comparison("different", f"One is {one}, the other {other}.")


def _compared_as_functions(a: Expr, b: Expr, domain: Domain, effort: Effort | None) -> Comparison:
    probe = Probe(a, b, domain.positive, bounds_in(a) | bounds_in(b))
    rational = kinds_in(a) | kinds_in(b) <= _RATIONAL
    if plainly := _plainly_different(probe, 1 if rational else FIRST_POINTS):
        return plainly
    finding = compare_exactly(a, b, domain.positive, effort)
    if rational:
        if finding.equal and finding.compared and not finding.unclear and is_rational(a) and is_rational(b):
            return Comparison("equal", "Both are the same function.")  # rounded values could add nothing
        if plainly := _plainly_different(probe, FIRST_POINTS):
            return plainly
    if finding.unclear:
        return _without_proof(probe, finding)
    if not finding.equal:
        return _shown_different(probe, domain, finding) if not _equal_with_unit(a, b) else Comparison(
            "unsure", "They are equal if i is the imaginary unit.")  # fmt: skip
    if not finding.compared:
        return Comparison("unsure", "There is no place where both formulas have a value.")
    return _shown_equal(probe, domain, finding, effort)


def _plainly_different(probe: Probe, points: int) -> Comparison | None:
    """A difference at the first points, which settles most comparisons at once; not where i may be a unit."""
    if "i" in probe.names and (_has_unit(probe.a) or _has_unit(probe.b)):
        return None
    found = probe.search(points, among=points)
    return Comparison("different", found.difference.sentence()) if found.difference else None


def _shown_equal(probe: Probe, domain: Domain, finding: Finding, effort: Effort | None) -> Comparison:
    """Equal by exact values; floating point must agree, and the edges of pieces too."""
    a, b = probe.a, probe.b
    thorough = finding.rooted or Call in kinds_in(a) or Call in kinds_in(b)
    found = probe.search(SAFE_POINTS if finding.rooted else ENOUGH_POINTS)
    if found.difference and finding.rooted:
        return Comparison("different", found.difference.sentence())
    if found.difference:
        return Comparison("unsure", f"Exact and rounded values disagree. {found.difference.sentence()}")
    if thorough and not found.points and not is_rational(a):
        return Comparison("unsure", "No point was found where both formulas have a value.")
    if (below := _below_zero(probe, domain, effort or Effort(STEPS_BELOW_ZERO))) is not None:
        return below
    if finding.unsaid and not domain.partial:
        return Comparison("unsure", "They agree, but one of them leaves a case open.")
    if _closed_form(a) != _closed_form(b) and (len(probe.bounds) > 1 or not terms_needed(a, b)):
        return Comparison("unsure", "A sum of many terms was compared only for some numbers of terms.")
    if domain.edges and _has_edges(a, b):
        edge = edge_difference(a, b, _formulas(finding), probe.names)
        if edge:
            return Comparison("different", f"They differ exactly where {edge}.")
    return Comparison("equal", "Both are the same function.")


def _below_zero(probe: Probe, domain: Domain, effort: Effort) -> Comparison | None:
    """What speaks against formulas that are equal where the bases of their powers are positive."""
    a, b = probe.a, probe.b
    if BigSum in kinds_in(a) | kinds_in(b) or not (changes_below_zero(a) or changes_below_zero(b)):
        return None
    named, other = (with_powers_as_names(tree, domain.positive) for tree in (a, b))
    if (named, other) != (a, b):
        finding = compare_exactly(named, other, domain.positive, effort)
        if finding.equal and finding.compared and not (finding.rooted or finding.unclear):
            return None
    for where in exponents_to_try(a, b, domain.positive):
        tried = with_numbers(a, where), with_numbers(b, where)
        if tried == (a, b):  # an exponent such as π, which has nothing to try
            continue
        found = _compared(*tried, domain, effort)
        if effort.left < 0:
            return _TOO_MANY_POWERS
        if found.verdict == "different":
            shown = ", ".join(f"{name} = {to_text(number)}" for name, number in where.items())
            whole = all(
                isinstance(number, Num) and number.value.denominator == 1 for number in where.values()
            )
            return Comparison("different" if whole else "unsure", f"They differ for {shown}. {found.reason}")
        if found == _FOR_POSITIVE_BASES:
            return found
    real = with_real_roots(a), with_real_roots(b)
    if real != (a, b) and _compared(*real, domain, effort).verdict == "different":
        return _FOR_POSITIVE_BASES
    return _TOO_MANY_POWERS if effort.left < 0 else None


def _closed_form(node: Expr) -> bool:
    """Whether the formula has no sum over a number of terms that is left open."""
    return BigSum not in kinds_in(node) or not any(
        isinstance(part, BigSum) and (part.upper is None or bool(bounds_in(part))) for part in walk(node)
    )


def _has_edges(a: Expr, b: Expr) -> bool:
    """Whether there are pieces that may jump."""
    return not {Cases, "step", "sign"}.isdisjoint(kinds_in(a) | kinds_in(b))


def _shown_different(probe: Probe, domain: Domain, finding: Finding) -> Comparison:
    found = probe.search(SAFE_POINTS)
    if found.difference is None and finding.thresholds:
        found = _search_beside(probe, domain, finding)
    if found.difference:
        return Comparison("different", found.difference.sentence())
    if (is_rational(Add((probe.a, probe.b)))) or terms_needed(probe.a, probe.b):
        return Comparison("different", "They differ, but by very little where it was tried.")
    return Comparison("unsure", "They could not be shown to be the same, nor to differ.")


def _search_beside(probe: Probe, domain: Domain, finding: Finding) -> Search:
    """Look on both sides of every edge of a piece."""
    effort = Effort(EFFORT)
    points = points_beside(_formulas(finding), probe.names, domain.positive, probe.bounds, effort)
    return probe.search_at(points, EVERY_POINT, effort)


def _formulas(finding: Finding) -> list[Expr]:
    return [threshold.formula for threshold in finding.thresholds]


def _equal_with_unit(a: Expr, b: Expr) -> bool:
    """Whether they are equal with i as the imaginary unit."""
    if not (_has_unit(a) or _has_unit(b)):
        return False
    finding = compare_exactly(substituted(a, {"i": IMAGINARY}), substituted(b, {"i": IMAGINARY}))
    return finding.equal and finding.compared and not finding.unclear


@lru_cache(maxsize=FORMULAS)
def _has_unit(node: Expr) -> bool:
    """Whether i stands in the formula other than as the index of a sum."""
    if Sym("i") not in symbols_in(node):
        return False
    indices = {part.index for part in walk(node) if isinstance(part, BigSum)}
    return Sym("i") not in indices


def _without_proof(probe: Probe, finding: Finding) -> Comparison:
    """What cannot be compared exactly can still be seen to differ."""
    found = probe.search(SAFE_POINTS)
    if found.difference:
        return Comparison("different", found.difference.sentence())
    return Comparison("unsure", f"Not decided: {finding.unclear}.")


def renamed(node: Expr, names: Mapping[str, str]) -> Expr:
    """The formula with other names; a name with an index is looked up with and without it."""

    def change(part: Expr) -> Expr:
        if isinstance(part, Sym):
            whole = names.get(to_text(part))
            if whole is not None:
                return Sym(whole)
            inner = rebuilt(part, change)
            base = names.get(to_text(Sym(part.name, part.accent)))
            return Sym(base, sub=inner.sub, sup=inner.sup) if base and isinstance(inner, Sym) else inner
        return rebuilt(part, change)

    return change(node)


def substituted(node: Expr, where: Mapping[str, Expr]) -> Expr:
    """The formula with other formulas in place of names."""
    if not where or where.keys().isdisjoint(_names_written(node)):
        return node

    def change(part: Expr) -> Expr:
        if type(part) is Sym and (other := where.get(to_text(part))) is not None:
            return other
        return rebuilt(part, change)

    return change(node)


@kept_in_tree
def _names_written(node: Expr) -> frozenset[str]:
    """All names in a formula, those in indices too."""
    return frozenset([to_text(part) for part in walk(node) if isinstance(part, Sym)])
