"""Comparing formulas by shape: the same formula with other names, other ways to write steps, and marked options.

An exam author writes the formula as a student would, and says which names are free:

    4d  Shape("ν_{k+1} = β ν_k + d ∇L(θ_k)", names=("ν", "β", "θ"), numbers=("β",), reserved=("α",),
              options={"d": ("1", "1-β")})
        is met by `v_t = 0.9 v_{t-1} + grad L(w_{t-1})`, with the sides swapped or terms moved, and by `ν = β*ν + ∇`
        (then `Match.steps` is "missing" and `Match.gradient` is "bare"). α may not stand for β: it is reserved.
    4a  Shape("c (y log p + (1-y) log(1-p))", names=("y", "p"), options={"c": ("1", "-1")}, averaged=True)
        is met by `-1/N sum_i [t_i ln(o_i) + (1-t_i) ln(1-o_i)]`; any base of the logarithm counts, `L = …` in front
        does not matter, and algebra does not either: `-y log(p/(1-p)) - log(1-p)`.
    11b Shape("P(s_t | s_{t-1}) = P(s_t | s_{t-1}, …, s_1)", names=("s",))
        is met in either order of the past, shifted by a step, with s_0 as the first state, and as `s_1..s_t`.
        Ask for `Match.steps == "right"` here: a wrong past still has the shape.
    10b Shape("v (h_1 + u h_0)") has no free names: letters as in the question, algebra free. With
        `known={"v": "-1"}` a letter may also stand as its number: `-1*(h1 + u*h0)`.

Names that are not listed must stand as they are. Steps are read in every style (`_{k+1}`, `^{(k+1)}`, `(k+1)`,
`st+1`, `_new`, a prime); a formula without steps or with wrong ones still matches, and says so in `Match.steps`.
Surprising: `∇` is one symbol, whatever it is taken of; how it was written is in `Match.gradient`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from app.grading.mathematics.finding import Found, read_math
from app.grading.mathematics.parsing import told_by
from app.grading.mathematics.shape_candidates import bases_of_logs
from app.grading.mathematics.shape_matches import Match, match
from app.grading.mathematics.shape_patterns import Pattern, Shape, ShapeError, prepare_shape
from app.grading.mathematics.tokens import Options
from app.grading.mathematics.tree import ONE, ZERO, Apply, Expr, Rel, Sym

__all__ = ["Match", "Pattern", "Shape", "ShapeError", "find_shape", "prepare_shape", "rival_in"]

NOTHING: Mapping[str, str] = {}


def find_shape(pattern: Pattern, text: str, given: Mapping[str, str] = NOTHING) -> Match | None:
    """The best match among all formulas of a text, in every way the text can be read.

    `given` settles names that are known from another formula: {"ν": "v"}.
    """
    rules = replace(pattern.rules, given=given) if given else pattern.rules
    symbols = told_by(text, Options(symbols=pattern.symbols, loose=pattern.stepped)).symbols
    best: Match | None = None
    for found in _formulas(text, symbols, pattern.stepped, pattern.shape.averaged):
        one = match(pattern, found.expr, rules)
        if one is not None and (best is None or one.rank < best.rank):
            odd = one.odd or _without_left(pattern, found.expr) or _odd_logs(found.expr)
            best = replace(one, odd=odd, start=found.start, end=found.end, source=found.source)
            if best.rank == pattern.best:
                break
    return best


@lru_cache(maxsize=256)  # a text is looked at for several shapes
def _formulas(text: str, symbols: frozenset[str], stepped: bool, averaged: bool) -> tuple[Found, ...]:
    """The formulas of a text in every way it can be read, each once."""
    readings = [read_math(text, options).found for options in _readings(symbols, stepped, averaged)]
    if all(found is readings[0] for found in readings):  # mostly
        return readings[0]
    formulas: dict[Expr, Found] = {}
    for one in chain(*readings):
        formulas.setdefault(one.expr, one)
    return tuple(formulas.values())


def _readings(symbols: frozenset[str], stepped: bool, averaged: bool) -> Iterator[Options]:
    for known in dict.fromkeys((symbols, frozenset[str]())):
        if stepped:
            yield Options(symbols=known, loose=True)
        yield Options(symbols=known)
        if averaged:
            yield Options(symbols=known, wide=True)


def rival_in(pattern: Pattern, text: str, known: Match) -> Found | None:
    """Another formula of the text that speaks of the same, or of nothing named, and has not the shape; or the same one, if
    it goes on with a side that has not: `L = right = wrong`.
    """
    if pattern.equation:
        return None
    symbols = told_by(text, Options(symbols=pattern.symbols, loose=pattern.stepped)).symbols
    found = _formulas(text, symbols, pattern.stepped, pattern.shape.averaged)
    own = [one for one in found if (one.start, one.end) == (known.start, known.end)]
    for one in own:
        sides = one.expr.sides if isinstance(one.expr, Rel) else ()
        written_out = [side for side in sides if not isinstance(side, Sym | Apply)]
        if len(written_out) > 1 and match(pattern, written_out[-1], pattern.rules) is None:
            return one
    subjects = {None, *map(_subject, own)}
    for one in found:
        apart = one.end <= known.start or one.start >= known.end
        if apart and _subject(one) in subjects and match(pattern, one.expr, pattern.rules) is None:
            return one
    return None


def _subject(found: Found) -> Expr | None:
    return found.expr.sides[0] if isinstance(found.expr, Rel) else None


def _without_left(pattern: Pattern, expr: Expr) -> str:
    """What is odd about a side alone where an equation is asked for."""
    return "what it is equal to is left out" if pattern.equation and not isinstance(expr, Rel) else ""


def _odd_logs(expr: Expr) -> str:
    """What is odd about the bases of logarithms, if all are not a factor of the whole: `log_2 p + ln q`, `log_1 p`."""
    bases = bases_of_logs(expr)
    odd = len(bases) > 1 or not bases.isdisjoint({(ONE,), (ZERO,)})
    return "its logarithms have odd bases" if odd else ""
