"""The check of a formula by its shape: the same formula with other names, steps in any style, marked options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.mathematics import read_math, to_text
from app.grading.mathematics.shapes import Match, Pattern, ShapeError, find_shape, prepare_shape, rival_in
from app.grading.mathematics.shapes import Shape as Written
from app.grading.mathematics.splitting import symbols_in
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure

Steps = Literal["right", "missing", "wrong"]
Gradient = Literal["loss", "named", "bare"]
Texts = Mapping[str, str]  # field -> text


@dataclass(frozen=True, slots=True)
class Shape:
    """A formula in one of the fields has this shape.

    `shape: {is: "ν_{k+1} = β ν_k + d ∇L(θ_k)", names: [ν, β, θ], numbers: [β], reserved: [α],
    options: {d: ["1", "1-β"]}}`

    `names` may be other names in the answer, those in `numbers` also numbers; `reserved` names never stand for
    another. `options`: placeholders and what they may be. `known`: values that may stand for letters.
    `averaged`: the formula of one sample, that may also be summed or averaged. `beside`: another formula of the
    same answer, in which the same names stand for the same. `steps`, `gradient` and `lookahead` narrow down what
    is accepted: only right steps (`steps: [right]`), only a gradient of something (`gradient: [loss]`), only one
    at a computed point (`lookahead: true`).
    """

    is_: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    averaged: bool = False
    beside: str | None = None
    steps: tuple[Steps, ...] = ()
    gradient: tuple[Gradient, ...] = ()
    lookahead: bool | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its formulas read. `shared` are the free names that both formulas have."""

    rule: Shape
    pattern: Pattern
    beside: Pattern | None
    shared: tuple[str, ...]


def prepare(rule: Shape, _setting: Setting) -> Prepared:
    """Read the formulas; RuleError where that fails."""
    pattern = _pattern(rule, rule.is_, "is")
    beside = _pattern(rule, rule.beside, "beside") if rule.beside else None
    shared = tuple(name for name in rule.names if name in rule.is_ and name in (rule.beside or ""))
    return Prepared(rule, pattern, beside, shared)


def _pattern(rule: Shape, formula: str, key: str) -> Pattern:
    options = {name: texts for name, texts in rule.options.items() if name in formula}
    numbers = tuple(name for name in rule.numbers if name in rule.names)
    try:
        return prepare_shape(
            Written(formula, rule.names, numbers, rule.reserved, options, rule.known, rule.averaged)
        )
    except ShapeError as error:
        raise RuleError(str(error), key) from None


def shape(rule: Prepared, view: View) -> Verdict:
    """Some formula of the answer has the shape.

    `v_t = 0.9 v_{t-1} + grad L(w)` has that of `ν_{k+1} = β ν_k + ∇L(θ_k)`. Surprising: so has `v = b*v + ∇`,
    unless `steps: [right]` or `gradient: [loss]` is asked.
    """
    texts = {name: view.value(name) for name in rule.rule.fields if view.value(name) is not None}
    given = _given(rule, texts, view)
    found = _best(rule.pattern, texts, given, view)
    if found is None:
        return _without_match(rule, texts, given, view)
    name, match = found
    fault = _fault(rule.rule, match)
    if fault:
        return not_met(fault, _evidence(rule, name, match, fault))
    if not given and not _all_known(rule, texts, name, match):
        sentence = "The formula has the right form, but what its names stand for is said nowhere."
        return unsure(sentence, _evidence(rule, name, match, sentence))
    if match.odd or rival_in(rule.pattern, texts[name], match):
        sentence = f"The formula has the right form, but {match.odd or 'another one stands beside it'}."
        return unsure(sentence, _evidence(rule, name, match, sentence), likely=True)
    sentence = "This is the formula asked for."
    return met(sentence, _evidence(rule, name, match, sentence))


def _given(rule: Prepared, texts: Texts, view: View) -> dict[str, str]:
    """What the shared names stand for in the other formula, if that is there."""
    found = _best(rule.beside, texts, {}, view) if rule.beside else None
    return {name: found[1].names[name] for name in rule.shared if name in found[1].names} if found else {}


def _best(pattern: Pattern, texts: Texts, given: Mapping[str, str], view: View) -> tuple[str, Match] | None:
    """The best match in any of the fields; rules that ask for the same shape share it."""
    key = (pattern.key, *texts.items(), *sorted(given.items()))
    return view.once(key, lambda: _best_match(pattern, texts, given))


def _best_match(pattern: Pattern, texts: Texts, given: Mapping[str, str]) -> tuple[str, Match] | None:
    matches = [(name, match) for name, text in texts.items() if (match := find_shape(pattern, text, given))]
    return min(matches, key=lambda one: one[1].rank, default=None)


def _fault(rule: Shape, match: Match) -> str:
    """What the match lacks of what the rule asks."""
    if rule.steps and match.steps not in ("", *rule.steps):
        return f"The formula is there, but its indices are {match.steps}."
    if rule.gradient and match.gradient not in ("", *rule.gradient):
        return "The formula is there, but it does not say of what the gradient is taken."
    if rule.lookahead is not None and match.lookahead is not rule.lookahead:
        return "The gradient is taken at another point."
    return ""


def _all_known(rule: Prepared, texts: Texts, name: str, match: Match) -> bool:
    """Whether a shared name occurs in another formula of the answer."""
    if rule.beside is None:
        return True
    elsewhere = set(_names_elsewhere(texts, name, match))
    return any(match.names.get(one) in elsewhere for one in rule.shared)


def _names_elsewhere(texts: Texts, name: str, match: Match) -> Iterator[str]:
    for other, text in texts.items():
        for found in read_math(text).found:
            if (other, found.start) != (name, match.start):
                yield from (symbol.name for symbol in symbols_in(found.expr))
                yield from (to_text(symbol) for symbol in symbols_in(found.expr))


def _without_match(rule: Prepared, texts: Texts, given: Mapping[str, str], view: View) -> Verdict:
    if given and (other := _best(rule.pattern, texts, {}, view)):
        sentence = "The formula has the right form, but other names than the formula beside it."
        return unsure(sentence, _evidence(rule, *other, sentence))
    readings = [read_math(text) for text in texts.values()]
    if any("=" in piece.source for reading in readings for piece in reading.leftovers):
        return unsure("A part of this could not be read as a formula.")
    return not_met(f"No formula here has the form {rule.rule.is_}.")


def _evidence(rule: Prepared, name: str, match: Match, sentence: str) -> Evidence:
    return Evidence(name, f"has the form {rule.rule.is_}", sentence, {"start": match.start, "end": match.end})


SHAPE_CHECKS = {"shape": CheckKind(Shape, shape, ("math",), short="is_", prepare=prepare)}
