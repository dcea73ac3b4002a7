"""The check of a formula by its shape: the same equation with own names, steps written in any style, sides in any order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.mathematics.shapes import Match, Pattern, ShapeError, find_shape, prepare_shape
from app.grading.mathematics.shapes import Shape as Wanted
from app.grading.types import Evidence, Verdict, View, met, not_met

Steps = Literal["right", "missing", "wrong"]
Gradient = Literal["loss", "named", "bare"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A formula in one of the fields has this shape.

    `shape: {is: "ν_{k+1} = β ν_k + ∇L(θ_k)", names: [ν, β, θ], numbers: [β], reserved: [α]}`

    `names` may be written otherwise, those of them in `numbers` also as a number; `reserved` names never stand for
    others. `options` are placeholders with the formulas they may be (`{d: ["1", "1-β"]}`). `averaged`: the formula of
    one sample, that may be summed or averaged. `steps` and `gradient` narrow down what is accepted: only right steps
    (`steps: [right]`), only a gradient that names its loss (`gradient: [loss]`).
    """

    is_: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    averaged: bool = False
    steps: tuple[Steps, ...] = ()
    gradient: tuple[Gradient, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its shape read."""

    shown: str
    pattern: Pattern
    steps: tuple[Steps, ...]
    gradient: tuple[Gradient, ...]
    fields: tuple[str, ...]


def prepare(rule: Shape, _setting: Setting) -> Prepared:
    """Read the shape; RuleError where that fails."""
    wanted = Wanted(
        rule.is_, rule.names, rule.numbers, rule.reserved, rule.options, rule.known, rule.averaged
    )
    try:
        pattern = prepare_shape(wanted)
    except ShapeError as error:
        raise RuleError(str(error), "is") from error
    return Prepared(rule.is_, pattern, rule.steps, rule.gradient, rule.fields)


def shape(rule: Prepared, view: View) -> Verdict:
    """The first field with a formula that fits."""
    for name in rule.fields:
        text = view.value(name)
        found = find_shape(rule.pattern, text) if text else None
        if found is not None and _accepts(rule, found):
            sentence = "This formula has the right shape."
            place = {"start": found.start, "end": found.end}
            return met(sentence, Evidence(name, rule.shown, sentence, place))
    return not_met(f"No formula has the shape {rule.shown}.")


def _accepts(rule: Prepared, found: Match) -> bool:
    right_steps = not rule.steps or found.steps in ("", *rule.steps)
    return right_steps and (not rule.gradient or found.gradient in ("", *rule.gradient))


SHAPE_CHECKS = {"shape": CheckKind(Shape, shape, ("math",), prepare=prepare)}
