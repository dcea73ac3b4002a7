"""What students typed, with formulas shown and the places that counted marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup, escape

from app.grading.types import Outcome
from app.rendering.math import render_math

# As in Markdown: no space inside the $ signs, no digit outside, so that "between $5 and $6" stays text.
_FORMULA = re.compile(
    r"\$\$(?P<display>[^$]{1,2000})\$\$|(?<![\\$0-9])\$(?![\s$])(?P<inline>[^$\n]{1,2000})(?<![\s\\])\$(?![$0-9])"
)
_LINE_END = re.compile(r"\r\n?|\n")
MOST_FORMULAS = 200


@dataclass(frozen=True, slots=True)
class Span:
    """Characters that count: code points `start` to `end` (exclusive), for which criterion, and how."""

    start: int
    end: int
    criterion: str
    outcome: Outcome = Outcome.MET


@dataclass(frozen=True, slots=True)
class _Formula:
    start: int
    end: int
    shown: Markup


def render_text_with_math(text: str, spans: Iterable[Span] = ()) -> Markup:
    """The text, escaped, with its line ends, its formulas between $ signs, and a <mark> around each span.

    Where spans overlap, one mark names all their criteria. A span that touches a formula marks all of it.
    """
    formulas = list(_formulas(text))
    marked = [wide for span in spans if (wide := _widened(span, formulas, len(text))).start < wide.end]
    shown = (
        _marked(
            _piece(text, start, end, formulas),
            [span for span in marked if span.start <= start and end <= span.end],
        )
        for start, end in _stretches(text, marked)
    )
    return Markup().join(shown)


def _formulas(text: str) -> Iterator[_Formula]:
    for count, found in enumerate(_FORMULA.finditer(text)):
        if count == MOST_FORMULAS:
            return
        tex = found["display"] or found["inline"]
        yield _Formula(found.start(), found.end(), render_math(tex, display=found["display"] is not None))


def _widened(span: Span, formulas: Sequence[_Formula], length: int) -> Span:
    start, end = max(span.start, 0), min(span.end, length)
    for formula in formulas:
        if start < formula.end and formula.start < end:
            start, end = min(start, formula.start), max(end, formula.end)
    return replace(span, start=start, end=end)


def _stretches(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The text cut at every end of a span; no formula is cut, because spans are widened."""
    return pairwise(sorted({0, len(text), *(span.start for span in spans), *(span.end for span in spans)}))


def _piece(text: str, start: int, end: int, formulas: Sequence[_Formula]) -> Markup:
    shown, place = Markup(), start
    for formula in formulas:
        if start <= formula.start and formula.end <= end:
            shown += _lines(text[place : formula.start]) + formula.shown
            place = formula.end
    return shown + _lines(text[place:end])


def _lines(text: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in _LINE_END.split(text))


def _marked(shown: Markup, spans: Sequence[Span]) -> Markup:
    if not spans:
        return shown
    classes = dict.fromkeys(f"ev-{span.outcome.value.replace(' ', '-')}" for span in spans)
    criteria = dict.fromkeys(span.criterion for span in spans)
    return Markup('<mark class="ev {}" data-criterion="{}">{}</mark>').format(
        " ".join(classes), " ".join(criteria), shown
    )
