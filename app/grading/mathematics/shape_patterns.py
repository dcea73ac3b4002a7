"""Shapes as exam authors write them, made ready when the exam is loaded (see `shapes` for what they are met by)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from app.grading.mathematics.binding import Rules, Sought, sought
from app.grading.mathematics.equality import substituted
from app.grading.mathematics.forms import form_of
from app.grading.mathematics.indices import Gradient, timed
from app.grading.mathematics.parsing import Unread, parse
from app.grading.mathematics.shape_candidates import plain_logs
from app.grading.mathematics.tokens import Options
from app.grading.mathematics.tree import Expr, Rel
from app.grading.mathematics.writing import to_text

NAMES_LIMIT = 6
OPTIONS_LIMIT = 24
Rank = tuple[int, int]


class ShapeError(ValueError):
    """A shape that an exam author wrote cannot be used; says why."""


@dataclass(frozen=True)
class Shape:
    """A formula as an exam author writes it; names are written as in the formula ("ν", "y_hat").

    `names`: free names. `numbers`: those of them that may be a number. `reserved`: names that never stand for
    another. `options`: placeholders with the formulas they may be. `known`: values of names, put in on both sides.
    `averaged`: the formula of one sample, that may also be summed or averaged over samples.
    """

    formula: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    reserved: tuple[str, ...] = ()
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    averaged: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """The formula of a shape for one choice of options, with its steps and without; `step` is the latest."""

    choice: Mapping[str, str]
    form: Sought
    plain: Sought
    step: int | None
    gradients: tuple[Gradient, ...]
    stepped: frozenset[str]


@dataclass(frozen=True)
class Pattern:
    """A shape made ready: one formula for each choice of options. `key` is the same for equal shapes."""

    shape: Shape
    key: str
    variants: tuple[Variant, ...]
    rules: Rules
    stepped: bool
    equation: bool
    gradient: bool  # the shape has one
    symbols: frozenset[str]
    best: Rank  # no match can be better


def prepare_shape(shape: Shape) -> Pattern:
    """Read a shape; raises ShapeError where its formula or names cannot be used."""
    formula, rules = _authored(shape.formula, shape), _rules(shape)
    choices = list(product(*([(name, text) for text in texts] for name, texts in shape.options.items())))
    if len(choices) > OPTIONS_LIMIT:
        raise ShapeError(f"there are more than {OPTIONS_LIMIT} choices of options")
    trees = [_chosen(formula, choice, shape) for choice in choices]
    stepped = any(form_of(timed(tree).expr).step is not None for tree in trees)
    variants = [
        _variant(dict(choice), tree, rules, stepped) for choice, tree in zip(choices, trees, strict=True)
    ]
    gradient = bool(variants[0].gradients)
    return Pattern(
        shape,
        repr(shape),
        tuple(variants),
        rules,
        stepped,
        isinstance(formula, Rel),
        gradient,
        frozenset().union(*[form_of(timed(tree, stepped).expr).names for tree in trees]),
        min((int(one.step is not None), int(gradient and bool(one.gradients))) for one in variants),
    )


def _chosen(formula: Expr, choice: Sequence[tuple[str, str]], shape: Shape) -> Expr:
    """The formula with what was chosen for its placeholders."""
    where = {to_text(_authored(name, shape)): _authored(text, shape) for name, text in choice}
    return plain_logs(substituted(formula, where))


def _variant(choice: Mapping[str, str], tree: Expr, rules: Rules, stepped: bool) -> Variant:
    found = timed(tree, stepped)
    form = form_of(found.expr)
    plain = form.without_steps()
    return Variant(
        choice, sought(form, rules), sought(plain, rules), form.step, found.gradients, found.stepped
    )


def _rules(shape: Shape) -> Rules:
    free, numbers, reserved = (
        tuple(to_text(_authored(name, shape)) for name in names)
        for names in (shape.names, shape.numbers, shape.reserved)
    )
    if len(free) > NAMES_LIMIT:
        raise ShapeError(f"there are more than {NAMES_LIMIT} free names")
    if not set(numbers) <= set(free):
        raise ShapeError("a name that may be a number must be among the free names")
    known = {to_text(_authored(name, shape)): _authored(text, shape) for name, text in shape.known.items()}
    return Rules(free, frozenset(numbers), frozenset(reserved), {}, known)


def _authored(text: str, shape: Shape) -> Expr:
    parsed = parse(text, Options(symbols=frozenset({*shape.names, *shape.options, *shape.known})))
    if isinstance(parsed, Unread):
        raise ShapeError(f"“{text}” cannot be read: {parsed.reason}")
    return parsed.expr
