"""A student's answer as the result page shows it: one shape per field kind, with the marks of the evidence in it.

Stored values may have any shape; what does not fit is not shown and never fails.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.grading.fields.choices import Choices
from app.grading.fields.numbers import Numbers
from app.grading.fields.table import Table
from app.grading.types import Raw
from app.rendering.graphs import GraphMark, draw_graph
from app.rendering.plots import PenMark, draw_sketch
from app.web.evidence import Mark, Places, Segment, marks_of_whole, marks_where, segments
from app.web.previews import formulas_in, preview_math


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A field's answer. `shown` is what the partial of the kind draws, None where nothing was entered.

    `marks` belong to the field as a whole; `reading` tells how a value was read, or why it could not be.
    """

    label: str
    template: str
    shown: Any
    marks: tuple[Mark, ...]
    reading: str
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """A line or a text with the formulas in it; `rendered` is how a line that is one formula was read."""

    segments: tuple[Segment, ...]
    rendered: Markup | None = None


@dataclass(frozen=True, slots=True)
class TickedOption:
    text: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Ticks:
    options: tuple[TickedOption, ...]
    none_of_these: bool


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; `head` names the columns and `names` the rows, where they have names."""

    rows: tuple[tuple[Cell, ...], ...]
    head: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def answer_view(
    field: str, spec: Any, raw: Raw, places: Places, reading: Mapping[str, str] | None
) -> AnswerView:
    """The answer to one field; `reading` is what is stored with the mark, None where there is no mark."""
    kind = spec.kind
    is_blank = (reading or {}).get("state", "blank") == "blank" and raw in (None, "", {}, [])
    shown = None if is_blank else SHOWN[kind](spec, raw, places)
    told = _told(reading or {})
    is_readable = (reading or {}).get("state") != "unreadable"
    return AnswerView(
        spec.label,
        f"components/answers/{TEMPLATES[kind]}.html",
        shown,
        marks_of_whole(places),
        told,
        is_readable,
    )


def _told(reading: Mapping[str, str]) -> str:
    if reading.get("state") == "unreadable":
        so_far = f" Read so far: {reading['echo']}" if reading.get("echo") else ""
        return f"Could not be read: {reading.get('reason', '')}{so_far}"
    return f"Read as {reading['echo'].removeprefix('= ')}" if reading.get("echo") else ""


def _writing(_spec: Any, raw: Raw, places: Places) -> Writing:
    return Writing(segments(_text(raw), places))


def _text_with_formulas(_spec: Any, raw: Raw, places: Places) -> Writing:
    text = _text(raw)
    return Writing(segments(text, places, formulas_in(text)))


def _formula(_spec: Any, raw: Raw, places: Places) -> Writing:
    text = _text(raw)
    return Writing(segments(text, places), Markup(preview_math(text).html) or None)  # noqa: S704  (made of parts)


def _ticks(spec: Choices, raw: Raw, _places: Places) -> Ticks:
    numbers = raw if isinstance(raw, list) else []
    options = tuple(TickedOption(text, number in numbers) for number, text in enumerate(spec.options, 1))
    return Ticks(options, raw == [])


def _numbers(spec: Numbers, raw: Raw, places: Places) -> Grid:
    cells = tuple(
        Cell(_text(cell), marks_where(places, index=index)) for index, cell in enumerate(_list(raw))
    )
    return Grid((cells,), head=tuple(spec.labels))


def _matrix(_spec: Any, raw: Raw, places: Places) -> Grid:
    rows = tuple(
        tuple(Cell(_text(cell), marks_where(places, row=r, col=c)) for c, cell in enumerate(_list(row)))
        for r, row in enumerate(_list(raw))
    )
    return Grid(rows)


def _table(spec: Table, raw: Raw, places: Places) -> Grid:
    if not isinstance(spec.rows, int):
        return _named_rows(spec.rows, raw, places)
    entered = [row for row in _list(raw) if isinstance(row, dict)]
    rows = tuple(
        tuple(
            Cell(_text(row.get(name)), marks_where(places, row=index, column=name)) for name in spec.columns
        )
        for index, row in enumerate(entered)
    )
    return Grid(rows, head=tuple(column.label or name for name, column in spec.columns.items()))


def _named_rows(names: Sequence[str], raw: Raw, places: Places) -> Grid:
    words = raw if isinstance(raw, dict) else {}
    rows = tuple(
        (Cell(_text(words.get(name)) or "left empty", marks_where(places, row=name)),) for name in names
    )
    return Grid(rows, names=tuple(names))


def _graph(spec: Any, raw: Raw, places: Places) -> Markup:
    marked = [(_node_or_edge(one.where), one.mark) for one in places]
    marks = [
        GraphMark(at, GRAPH_STATES.get(mark.verdict, ""), (str(mark.number),))
        for at, mark in marked
        if at is not None
    ]
    return draw_graph(raw, f"Answer: {spec.label or 'graph'}", marks)


GRAPH_STATES = {"met": "right", "not met": "missing"}


def _node_or_edge(where: Mapping[str, Any]) -> Any:
    edge = where.get("edge")
    return tuple(edge) if isinstance(edge, list) else where.get("node")


def _sketch(spec: Any, raw: Raw, places: Places) -> Markup:
    marks = [
        PenMark(one.where["stroke"], one.where["from"], one.where["to"], str(one.mark.number))
        for one in places
        if "stroke" in one.where
    ]
    return draw_sketch(spec, raw, f"Answer: {spec.label or 'sketch'}", marks)


SHOWN: Mapping[str, Callable[[Any, Raw, Places], Any]] = {
    "choices": _ticks,
    "choice": _writing,
    "text": _text_with_formulas,
    "math": _formula,
    "number": _writing,
    "numbers": _numbers,
    "matrix": _matrix,
    "table": _table,
    "graph": _graph,
    "sketch": _sketch,
}
TEMPLATES: Mapping[str, str] = {
    "choices": "ticks",
    "choice": "writing",
    "text": "writing",
    "math": "formula",
    "number": "formula",
    "numbers": "grid",
    "matrix": "matrix",
    "table": "grid",
    "graph": "drawing",
    "sketch": "drawing",
}


def _text(raw: Raw) -> str:
    return raw if isinstance(raw, str) else "" if raw is None else str(raw)


def _list(raw: Raw) -> list[Raw]:
    return raw if isinstance(raw, list) else []
