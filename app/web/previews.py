"""What the page says about an entry while it is typed: how the engine reads it, or why it cannot be read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup, escape

from app.grading.fields.number import read_entry
from app.grading.mathematics import Expr, MathReading, read_math, to_latex, to_text
from app.grading.types import Blank, Unreadable
from app.rendering.math import math_error, render_math

MOST_FORMULAS = 40
MOST_WORDS = 3

_FORMULA = re.compile(r"\$\$([^$]{1,2000})\$\$|\$([^$\n]{1,2000})\$")


@dataclass(frozen=True, slots=True)
class Preview:
    """A reading in words and as a safe fragment. `state` is "blank", "read" or "unreadable".

    `tex` is the formula as it was read, None where there is not exactly one without words around it.
    """

    state: str
    sentence: str = ""
    html: str = ""
    tex: str | None = None


def preview_number(text: str, integer: bool) -> Preview:
    """How one number is read: "= 0.0004"."""
    reading = read_entry(text, integer)
    if isinstance(reading, Blank):
        return Preview("blank")
    if isinstance(reading, Unreadable):
        return Preview("unreadable", reading.reason)
    return Preview("read", reading.echo)


def preview_text(text: str) -> Markup:
    """A text with the formulas between $ signs as MathML, everything else as it was typed."""
    shown: list[Markup] = []
    end = 0
    for one in formulas_in(text):
        shown += [escape(text[end : one.start]), _formula(text[one.start : one.end], one)]
        end = one.end
    return Markup("").join([*shown, escape(text[end:])])


@dataclass(frozen=True, slots=True)
class FormulaInText:
    """A formula between $ signs, from `start` to before `end`, these signs included; or why it cannot be shown."""

    start: int
    end: int
    shown: Markup | None
    fault: str = ""


def formulas_in(text: str) -> Iterator[FormulaInText]:
    """The first MOST_FORMULAS formulas between $ signs, in their order."""
    for found in islice(_FORMULA.finditer(text), MOST_FORMULAS):
        tex = found[1] or found[2]
        fault = math_error(tex)
        shown = render_math(tex, display=bool(found[1])) if fault is None else None
        yield FormulaInText(found.start(), found.end(), shown, fault or "")


def _formula(source: str, formula: FormulaInText) -> Markup:
    """A formula that cannot be shown keeps its source, with the reason beside it."""
    if formula.shown is not None:
        return formula.shown
    return Markup('{} <em class="preview-fault">({})</em>').format(source, formula.fault)


def preview_math(text: str) -> Preview:
    """The formulas of a math field as they are read, and what is not part of one."""
    if not text.strip():
        return Preview("blank")
    reading = read_math(text)
    if not reading.found:
        return Preview("unreadable", _why_unread(reading))
    formulas = [formula.expr for formula in reading.found]
    alone = len(formulas) == 1 and not reading.leftovers
    return Preview(
        "read", _words_around(reading), _read_as(formulas), to_latex(formulas[0]) if alone else None
    )


def _why_unread(reading: MathReading) -> str:
    reason = reading.unread.reason if reading.unread else "nothing in it is a formula"
    so_far = f" Read so far: {reading.unread.so_far}" if reading.unread and reading.unread.so_far else ""
    return f"This cannot be read as a formula: {reason}.{so_far}"


def _words_around(reading: MathReading) -> str:
    words = [left.source.strip() for left in reading.leftovers if left.source.strip()]
    return f"Read as words: {', '.join(f'“{word}”' for word in words[:MOST_WORDS])}" if words else ""


def _read_as(formulas: Sequence[Expr]) -> Markup:
    """The formulas one below the other; where one cannot be shown as MathML, its plain reading."""
    lines = (Markup('<p class="preview-formula">{}</p>').format(_shown(formula)) for formula in formulas)
    return Markup("").join(lines)


def _shown(formula: Expr) -> Markup:
    tex = to_latex(formula)
    return render_math(tex, display=True) if math_error(tex) is None else escape(to_text(formula))
