"""What the widget of a field shows: one `FieldView` per field is all its partial gets.

Stored values may have any shape (an answer file, an older exam version); what does not fit is not shown and
never fails. A view depends on its arguments alone, so a rendered field may be kept and shared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.grading.fields import FIELDS
from app.grading.fields.graph import MOST_EDGES, MOST_NODES
from app.grading.fields.matrix import Matrix
from app.grading.fields.numbers import Numbers
from app.grading.fields.sketch import MOST_STROKES, SketchSpec
from app.grading.fields.table import Table
from app.grading.types import Raw, Unreadable, Value
from app.rendering.axes import Plot, plot_of

SPARE_NODES = 4
SPARE_EDGES = 4
SPARE_STROKES = 2


@dataclass(frozen=True, slots=True)
class Status:
    """How the engine reads the field: "blank", "read" or "unreadable", and what to tell the student."""

    state: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field and what it holds. `name` is the form name (`2a.text`); `id` is safe as an HTML id.

    `shown` has one shape per kind: a set of numbers for choices, cells for matrix and numbers, rows for
    table, `GraphForm` for graph, `SketchForm` for sketch, else a string.
    """

    name: str
    id: str
    kind: str
    spec: Any
    shown: Any
    status: Status

    @property
    def template(self) -> str:
        """The partial of this kind."""
        return f"components/fields/{self.kind}.html"

    @property
    def part(self) -> str:
        """The part that the field belongs to."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node in the list of nodes; `x` and `y` are "" until it stands on the canvas."""

    id: str
    label: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class GraphForm:
    """The list form of a graph, with spare rows for those who work without scripts."""

    nodes: tuple[NodeRow, ...]
    edges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SketchForm:
    """The plot to draw over, and each stroke as text, a point per line."""

    plot: Plot
    strokes: tuple[str, ...]


def field_view(part_id: str, field_id: str, spec: Any, raw: Raw) -> FieldView:
    """The view of one field holding `raw`."""
    name = f"{part_id}.{field_id}"
    return FieldView(
        name, f"field-{part_id}-{field_id}", spec.kind, spec, SHOWN[spec.kind](spec, raw), _status(spec, raw)
    )


def _status(spec: Any, raw: Raw) -> Status:
    reading = FIELDS[spec.kind].read(spec, raw)
    if isinstance(reading, Unreadable):
        return Status("unreadable", reading.reason)
    if not isinstance(reading, Value):
        return Status("blank")
    # A table is read cell by cell: what it echoes are the cells that cannot be read.
    return Status("unreadable" if spec.kind == "table" and reading.echo else "read", reading.echo)


def _ticked(_spec: Any, raw: Raw) -> frozenset[object]:
    """Option numbers, or "none" for "none of these"."""
    if not isinstance(raw, list):
        return frozenset()
    return frozenset(number for number in raw if type(number) is int) or frozenset({"none"})


def _string(_spec: Any, raw: Raw) -> str:
    return _text(raw)


def _cells(spec: Numbers, raw: Raw) -> tuple[str, ...]:
    return tuple(_text(_item(raw, index)) for index in range(spec.count))


def _grid(spec: Matrix, raw: Raw) -> tuple[tuple[str, ...], ...]:
    rows = [_item(raw, row) for row in range(spec.rows)]
    return tuple(tuple(_text(_item(row, col)) for col in range(spec.cols)) for row in rows)


def _table_rows(spec: Table, raw: Raw) -> tuple[Mapping[str, str], ...] | Mapping[str, str]:
    if not isinstance(spec.rows, int):
        words = raw if isinstance(raw, dict) else {}
        return {row: _text(words.get(row)) for row in spec.rows}
    rows = raw[: spec.most] if isinstance(raw, list) else []
    rows += [None] * (spec.rows - len(rows))
    cells = [row if isinstance(row, dict) else {} for row in rows]
    return tuple({column: _text(row.get(column)) for column in spec.columns} for row in cells)


def _graph_form(_spec: Any, raw: Raw) -> GraphForm:
    graph = raw if isinstance(raw, dict) else {}
    listed = _sequence(graph.get("nodes"))[:MOST_NODES]
    nodes = [_node_row(node) for node in listed if isinstance(node, dict)]
    arrows = _sequence(graph.get("edges"))[:MOST_EDGES]
    edges = [(_text(_item(edge, 0)), _text(_item(edge, 1))) for edge in arrows]
    taken = {node.id for node in nodes}
    free = (f"n{number}" for number in range(1, len(nodes) + SPARE_NODES + 1))
    spare = [NodeRow(name) for name in free if name not in taken][:SPARE_NODES]
    return GraphForm((*nodes, *spare), (*edges, *[("", "")] * SPARE_EDGES))


def _node_row(node: Mapping[str, Any]) -> NodeRow:
    x, y = (str(round(node[axis])) if _is_number(node.get(axis)) else "" for axis in "xy")
    return NodeRow(_text(node.get("id")), _text(node.get("label")), x, y)


def _sketch_form(spec: SketchSpec, raw: Raw) -> SketchForm:
    strokes = _sequence(raw.get("strokes"))[:MOST_STROKES] if isinstance(raw, dict) else ()
    texts = [stroke if isinstance(stroke, str) else _points(stroke) for stroke in strokes]
    return SketchForm(plot_of(spec), (*texts, *[""] * SPARE_STROKES))


def _points(stroke: Raw) -> str:
    points = [(_item(point, 0), _item(point, 1)) for point in _sequence(stroke)]
    return "\n".join(f"{x:.12g} {y:.12g}" for x, y in points if _is_number(x) and _is_number(y))


SHOWN: Mapping[str, Callable[[Any, Raw], Any]] = {
    "choices": _ticked,
    "choice": _string,
    "text": _string,
    "math": _string,
    "number": _string,
    "numbers": _cells,
    "matrix": _grid,
    "table": _table_rows,
    "graph": _graph_form,
    "sketch": _sketch_form,
}


def _text(raw: Raw) -> str:
    return raw if isinstance(raw, str) else ""


def _sequence(raw: Raw) -> Sequence[Raw]:
    return raw if isinstance(raw, list) else ()


def _item(raw: Raw, index: int) -> Raw:
    return raw[index] if isinstance(raw, list) and index < len(raw) else None


def _is_number(raw: Raw) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < 1e9
