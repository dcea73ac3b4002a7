"""The check of a formula as a function, in plain text or LaTeX, also among words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.mathematics import (
    Comparison,
    Expr,
    Found,
    MathReading,
    Options,
    Parsed,
    compare_expressions,
    parse,
    read_math,
    renamed,
    same_function,
    substituted,
    to_text,
    value_of,
)
from app.grading.mathematics.cases_in_lines import as_cases
from app.grading.mathematics.equality import Domain
from app.grading.mathematics.named_steps import with_named_step
from app.grading.mathematics.probing import differ_when_renamed
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.tree import ZERO, Rel
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure

MOST_OWN_NAMES = 4
MOST_FORMULAS = 12
ONLY_ZERO = "It says only where the value is 0."
_WHERE_IT_SPEAKS = Domain(edges=False, partial=True)
MATH_SIGNS = frozenset("=+*/^<>()[]{}\\0123456789")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in the field is the same function as this one, or as one of `also`.

    `formula: {is: "w * 1(w*x > 0)", given: {y: "max(w*x, 0)"}, partial: true}`

    `given` says what names stand for, so that `1(y > 0)*w` is the same. `own_names`: others may be used.
    `partial`: where the answer says nothing (no else branch), nothing is asked, if it says more than zero.
    `edges`: single points count, so that `1(x > 0)` and `1(x >= 0)` differ. `positive`: names that are
    positive. Of `y = … = …` the last side counts. An equation as `is` (`a = 2*b`) is compared as one.
    """

    is_: str
    also: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    own_names: bool = False
    partial: bool = False
    edges: bool = False
    positive: tuple[str, ...] = ()
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its formulas read; in `targets`, what is given is put in."""

    field: str
    shown: str
    targets: tuple[Expr, ...]
    given: Mapping[str, Expr]
    own_names: bool
    domain: Domain
    options: Options
    names: frozenset[str]


def prepare_formula(rule: Formula, _setting: Setting) -> Prepared:
    """Read the formulas; RuleError where that fails."""
    given = {name: _read(text, "given", name) for name, text in rule.given.items()}
    targets = tuple(
        _read(text, "is" if index == 0 else "also") for index, text in enumerate((rule.is_, *rule.also))
    )
    if rule.own_names and any(len(symbols_in(target)) > MOST_OWN_NAMES for target in targets):
        raise RuleError(f"own_names works with up to {MOST_OWN_NAMES} names", "own_names")
    known = {to_text(name) for tree in (*targets, *given.values()) for name in symbols_in(tree)} | set(given)
    return Prepared(
        rule.field or "",
        rule.is_,
        tuple(substituted(target, given) for target in targets),
        given,
        rule.own_names,
        Domain(frozenset(rule.positive), rule.edges, rule.partial),
        Options(symbols=frozenset(name for name in known if len(name) == 1)),
        frozenset(known),
    )


def _read(text: str, *path: str) -> Expr:
    parsed = parse(text)
    if not isinstance(parsed, Parsed):
        raise RuleError(f"{text!r} cannot be read as a formula: {parsed.reason}", *path)
    return parsed.expr


def formula(rule: Prepared, view: View) -> Verdict:
    """One formula of the answer is the one asked for, and none after it says otherwise.

    `dy/dx = w if wx > 0 else 0` meets `w * 1(w*x > 0)`. Surprising: `w` alone does not, although it is right
    for half of all x; and of `w*1(y>0), or rather w + 1` a person decides.
    """
    text = view.value(rule.field)
    reading = read_math(text, rule.options)
    found = reading.found[:MOST_FORMULAS]
    compared = [(one, _closest(rule, one.expr)) for one in found]
    right = next((place for place, (_, found_out) in enumerate(compared) if found_out.equal), None)
    if right is None:
        return _rewritten(rule, text) or _without_equal(rule, reading, compared)
    formula_found = compared[right][0]
    others = (
        [compared[right - 1]] if right and _is_choice(text, compared[right - 1][0], formula_found) else []
    )
    others += compared[right + 1 :]
    rivals = [one for one, found_out in others if not found_out.equal and _rival(one, formula_found)]
    evidence = _evidence(rule, formula_found, "This is the formula asked for.")
    if rivals:
        sentence = "The formula is there, and another one beside it."
        return unsure(sentence, evidence, _evidence(rule, rivals[0], sentence), likely=True)
    return met("This is the formula asked for.", evidence)


def _rewritten(rule: Prepared, text: str) -> Verdict | None:
    """The verdict on cases in a line, `if y>0: w, else 0`, or on a step explained in words; None if it is neither."""
    written = with_named_step(text) or as_cases(text)
    reading = read_math(written, rule.options) if written else None
    if reading is None or len(reading.found) != 1 or reading.leftovers:
        return None
    found = reading.found[0]
    compared = _closest(rule, found.expr)
    if compared.verdict not in ("equal", "different") or _foreign_names(rule, [(found, compared)]):
        return None
    sentence = (
        "This is the formula asked for, written another way."
        if compared.equal
        else f"This is not {rule.shown}."
    )
    place = Evidence(rule.field, f"is {rule.shown}", sentence, {"start": 0, "end": len(text)})
    return met(sentence, place) if compared.equal else not_met(sentence, place)


def _without_equal(rule: Prepared, reading: MathReading, compared: list[tuple[Found, Comparison]]) -> Verdict:
    if not compared:
        reason = reading.unread.reason if reading.unread else "there is none"
        return unsure(f"No formula could be read: {reason}.")
    places = [_evidence(rule, one, found_out.reason) for one, found_out in compared]
    open_ones = [found_out.reason for _, found_out in compared if found_out.verdict == "unsure"]
    if open_ones:
        return unsure(f"Is it {rule.shown}? {open_ones[-1]}", *places)
    if foreign := _foreign_names(rule, compared):
        return unsure(f"Is it {rule.shown}? {', '.join(foreign)} may stand for something here.", *places)
    if any(MATH_SIGNS & set(piece.source) for piece in reading.leftovers):
        fits_so_far = compared[-1][1].reason == ONLY_ZERO
        return unsure("A part of this could not be read as a formula.", *places, likely=fits_so_far)
    return not_met(f"This is not {rule.shown}. {compared[-1][1].reason}", *places)


def _foreign_names(rule: Prepared, compared: list[tuple[Found, Comparison]]) -> list[str]:
    """Names that the rule does not know: `w*u(wx)` may be right, whatever the student calls u."""
    if rule.own_names:
        return []
    trees = [substituted(value_of(one.expr), rule.given) for one, _ in compared]
    return sorted({to_text(name) for tree in trees for name in symbols_in(tree)} - rule.names)


def _closest(rule: Prepared, expr: Expr) -> Comparison:
    """The comparison with the accepted formula that comes closest."""
    found: list[Comparison] = []
    for target in rule.targets:
        found.append(_compare(rule, expr, target))
        if found[-1].equal:
            break
    order = ("equal", "unsure", "different", "unreadable")
    return min(found, key=lambda one: order.index(one.verdict))


def _compare(rule: Prepared, expr: Expr, target: Expr) -> Comparison:
    equation = isinstance(target, Rel)
    answer = substituted(expr if equation else value_of(expr), rule.given)
    first = None
    for ours, theirs in _with_names(rule, answer, target):
        found = compare_expressions(ours, theirs, rule.domain)
        if found.equal and not (rule.domain.partial and not equation and _says_nothing(ours)):
            return found
        first = first or (Comparison("different", ONLY_ZERO) if found.equal else found)
    return first or Comparison("different", "It has another number of names.")


def _says_nothing(answer: Expr) -> bool:
    """Whether an answer with open cases is zero wherever it says something."""
    return same_function(answer, ZERO, _WHERE_IT_SPEAKS).equal and answer != ZERO


def _with_names(rule: Prepared, answer: Expr, target: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The two formulas; with own names, for each way to give the answer's names to those of the target."""
    yield answer, target
    count = len(symbols_in(target))
    if not rule.own_names or len(symbols_in(answer)) != count:
        return
    if _indices(answer) != _indices(target):  # y_i beside p_j
        return
    (ours, ours_indexed), (theirs, indexed) = _with_common_names(answer), _with_common_names(target)
    for order in permutations(_places(count)):
        names = dict(zip(_places(count), order, strict=True))
        alike = {names[name] for name in ours_indexed} == indexed
        if alike and not differ_when_renamed(ours, theirs, names):
            yield renamed(ours, names), theirs


@lru_cache(maxsize=256)
def _with_common_names(tree: Expr) -> tuple[Expr, frozenset[str]]:
    """A formula with the names that both get, and which of them take the place of names with an index: y_i is no N."""
    symbols = symbols_in(tree)
    names = dict(zip(sorted(map(to_text, symbols)), _places(len(symbols)), strict=True))
    indexed = frozenset(names[to_text(name)] for name in symbols if name.sub is not None)
    return renamed(tree, names), indexed


def _indices(tree: Expr) -> int:
    """How many different indices the names have."""
    return len({name.sub for name in symbols_in(tree) if name.sub is not None})


def _places(count: int) -> list[str]:
    return [f"n{number}" for number in range(count)]


def _rival(later: Found, right: Found) -> bool:
    """Whether a later formula speaks of the same thing, or of nothing named, as the right one does."""
    subject = _subject(later)
    return subject is None or subject == _subject(right)


def _is_choice(text: str, first: Found, second: Found) -> bool:
    """Whether nothing but `;` or `or` is between two formulas: both are given as the answer."""
    return text[first.end : second.start].strip() in {";", "or", "oder"}


def _subject(found: Found) -> str | None:
    return to_text(found.expr.sides[0]) if isinstance(found.expr, Rel) else None


def _evidence(rule: Prepared, found: Found, sentence: str) -> Evidence:
    return Evidence(rule.field, f"is {rule.shown}", sentence, {"start": found.start, "end": found.end})


FORMULA = CheckKind(Formula, formula, ("math",), short="is_", prepare=prepare_formula)
