"""Where in an answer the evidence of each criterion lies, and the answer's text cut at these places."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from app.web.previews import FormulaInText


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """What stands at a marked place: the number of a criterion of this part, and its verdict."""

    number: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of evidence: the keys of its place (see `grading.types.Evidence`), and whose it is."""

    where: Mapping[str, Any]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text with the marks that hold over all of it; `ends` are those that end with it.

    `formula` is how the text looks, where it is a formula.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    ends: tuple[Mark, ...] = ()
    formula: Markup | None = None


Places = Sequence[Place]


def tone_of(criterion: Mapping[str, Any]) -> str:
    """The verdict that a stored criterion is coloured by: a deduction that is met is bad news."""
    turned = {"met": "not met", "not met": "met"}
    verdict: str = criterion["verdict"]
    return turned.get(verdict, verdict) if Fraction(criterion["points"]) < 0 else verdict


def places_in(
    criteria: Sequence[Mapping[str, Any]], field: str, idle: Collection[str] = ()
) -> tuple[Place, ...]:
    """The evidence of stored criteria in one field of their own part; `idle` ones mark nothing."""
    return tuple(
        Place(one, Mark(number, tone_of(criterion)))
        for number, criterion in enumerate(criteria, 1)
        if criterion["id"] not in idle
        for one in criterion["evidence"]
        if one["field"] == field and "part" not in one
    )


def marks_where(places: Places, **keys: Any) -> tuple[Mark, ...]:
    """The marks of the places that have just these values: `marks_where(places, row=0, col=2)`."""
    found = (one.mark for one in places if all(one.where.get(key) == value for key, value in keys.items()))
    return _distinct(found)


def marks_of_whole(places: Places) -> tuple[Mark, ...]:
    """The marks of evidence that is not more exact than the field."""
    return _distinct(one.mark for one in places if set(one.where) <= {"field", "rule", "sentence"})


def segments(text: str, places: Places, formulas: Iterable[FormulaInText] = ()) -> tuple[Segment, ...]:
    """The text cut wherever a mark begins or ends; places outside of it are left out.

    A formula that can be shown is one piece: a mark that lies within it holds over all of it.
    """
    shown = {(one.start, one.end): one.shown for one in formulas if one.shown is not None}
    spans = [
        (*_around_formulas(one.where["start"], one.where["end"], shown), one.mark)
        for one in places
        if _is_inside(one, text)
    ]
    borders = [*shown, *((start, end) for start, end, _ in spans)]
    cuts = sorted({0, len(text)} | {cut for border in borders for cut in border})
    return tuple(_segment(text, start, end, spans, shown.get((start, end))) for start, end in pairwise(cuts))


def _around_formulas(start: int, end: int, formulas: Collection[tuple[int, int]]) -> tuple[int, int]:
    """The span with all of every formula that it has a character of."""
    touched = [(first, last) for first, last in formulas if first < end and start < last]
    return min([start, *(first for first, _ in touched)]), max([end, *(last for _, last in touched)])


def _is_inside(place: Place, text: str) -> bool:
    start, end = place.where.get("start"), place.where.get("end")
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)


def _segment(
    text: str, start: int, end: int, spans: Iterable[tuple[int, int, Mark]], formula: Markup | None
) -> Segment:
    here = [span for span in spans if span[0] <= start and end <= span[1]]
    marks = _distinct(mark for _, _, mark in here)
    lasting = {mark for _, stop, mark in here if stop > end}
    ends = _distinct(mark for _, stop, mark in here if stop == end and mark not in lasting)
    return Segment(text[start:end], marks, ends, formula)


def _distinct(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(sorted(set(marks)))
