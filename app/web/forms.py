"""Form fields of an attempt page, read into the answers that are stored.

A form names its parts in hidden inputs `part`; only these are read, so a post that was cut off empties
nothing. Names: `2a.text`, `5b.mu.0.1`, `3c.split.0.source`, `3d.loss.train`, `6a.graph.nodes.0.label`,
`9b.linear.strokes.0`. Blank fields are left out. `static/js/modules/answer.js` reads the form the same way.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.grading.fields.choices import Choices
from app.grading.fields.matrix import Matrix
from app.grading.fields.numbers import Numbers
from app.grading.fields.table import Table
from app.grading.types import Raw

NONE_OF_THESE = "none"

Entries = Mapping[str, Sequence[str]]
"""One field's form values by the rest of their names: "" for `2a.text`, "0.1" for `5b.mu.0.1`."""

Fields = Mapping[str, Any]
"""Field ids of a part and their specifications."""


def read_answers(parts: Mapping[str, Fields], form: Iterable[tuple[str, Any]]) -> dict[str, dict[str, Raw]]:
    """The answers of the parts that the form names, from its (name, value) pairs. Uploads are no answers."""
    pairs = [(name, value) for name, value in form if isinstance(value, str)]
    named = [value for name, value in pairs if name == "part" and value in parts]
    entries = _by_field(pairs)
    return {part: _read_part(part, parts[part], entries) for part in named}


def _by_field(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, list[str]]]:
    entries: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name, value in pairs:
        part, _, rest = name.partition(".")
        field, _, tail = rest.partition(".")
        entries.setdefault((part, field), {}).setdefault(tail, []).append(_one_line_ending(value))
    return entries


def _one_line_ending(value: str) -> str:
    """Forms send CRLF; places in an answer are counted with LF, as scripts send it."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _read_part(
    part: str, fields: Fields, entries: Mapping[tuple[str, str], dict[str, list[str]]]
) -> dict[str, Raw]:
    raws = {
        name: FORM_READERS[spec.kind](spec, entries.get((part, name), {})) for name, spec in fields.items()
    }
    return {name: raw for name, raw in raws.items() if raw is not None}


# One reader per field kind: the stored value, or None where nothing was entered.


def _choices(spec: Choices, entries: Entries) -> Raw:
    """The ticked numbers. "None of these" counts only alone: beside a tick it was forgotten."""
    boxes = entries.get("", ())
    ticked = [number for number in range(1, len(spec.options) + 1) if str(number) in boxes]
    return ticked or ([] if NONE_OF_THESE in boxes else None)


def _single(_spec: Any, entries: Entries) -> Raw:
    return _first(entries, "") or None


def _numbers(spec: Numbers, entries: Entries) -> Raw:
    cells = [_first(entries, str(index)) for index in range(spec.count)]
    return cells if any(cells) else None


def _matrix(spec: Matrix, entries: Entries) -> Raw:
    rows = [[_first(entries, f"{row}.{col}") for col in range(spec.cols)] for row in range(spec.rows)]
    return rows if any(map(any, rows)) else None


def _table(spec: Table, entries: Entries) -> Raw:
    if not isinstance(spec.rows, int):
        words = {row: _first(entries, row) for row in spec.rows}
        return words if any(words.values()) else None
    rows = [
        {column: _first(entries, f"{index}.{column}") for column in spec.columns}
        for index in _indices(entries, "")[: spec.most]
    ]
    return rows if any(any(row.values()) for row in rows) else None


def _graph(_spec: Any, entries: Entries) -> Raw:
    edges = [
        [_first(entries, f"edges.{index}.from"), _first(entries, f"edges.{index}.to")]
        for index in _indices(entries, "edges.")
    ]
    ends = {end for edge in edges if all(edge) for end in edge}
    nodes = [_node(entries, index) for index in _indices(entries, "nodes.")]
    kept = [node for node in nodes if node["label"] or "x" in node or node["id"] in ends]
    known = {node["id"] for node in kept}
    joined = [edge for edge in edges if known.issuperset(edge)]
    return {"nodes": kept, "edges": joined} if kept else None


def _node(entries: Entries, index: int) -> dict[str, Raw]:
    """A node; its place is there once it stands on the canvas."""
    node: dict[str, Raw] = {
        "id": _first(entries, f"nodes.{index}.id") or f"n{index + 1}",
        "label": _first(entries, f"nodes.{index}.label").strip(),
    }
    x, y = (_first(entries, f"nodes.{index}.{axis}") for axis in "xy")
    if re.fullmatch(r"-?[0-9]{1,6}", x) and re.fullmatch(r"-?[0-9]{1,6}", y):
        node |= {"x": int(x), "y": int(y)}
    return node


def _sketch(_spec: Any, entries: Entries) -> Raw:
    """A stroke that cannot be read is kept as it was typed: it is shown again, and a person sees it."""
    typed = [_first(entries, f"strokes.{index}") for index in _indices(entries, "strokes.")]
    strokes = [_read_points(text) for text in typed if text]
    return {"strokes": strokes} if strokes else None


_COORDINATE = r"([-+]?(?:[0-9]{1,9}(?:[.,][0-9]{0,12})?|[.,][0-9]{1,12}))"
_APART = re.compile(rf"\(? ?{_COORDINATE}(?:, | )\|? ?{_COORDINATE} ?\)?")
_TOGETHER = re.compile(r"\(? ?([-+]?[0-9]{1,9}(?:\.[0-9]{1,12})?),([-+]?[0-9]{1,9}(?:\.[0-9]{1,12})?) ?\)?")


def _read_points(text: str) -> Raw:
    """Points, one per line or between semicolons, as `[x, y]`; the text itself if one cannot be read.

    "1 0.5", "1, 0.5", "(1, 0.5)" and "1 0,5" are one point; so is "1,0.5", where the comma stands between.
    """
    points: list[Raw] = []
    for line in re.split(r"[\n;]", text.replace("−", "-")):
        entry = " ".join(line.split())
        found = _TOGETHER.fullmatch(entry) or _APART.fullmatch(entry)
        if entry and found is None:
            return text
        if found is not None:
            points.append([_coordinate(found[1]), _coordinate(found[2])])
    return points


def _coordinate(text: str) -> int | float:
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else number


FORM_READERS: Mapping[str, Callable[[Any, Entries], Raw]] = {
    "choices": _choices,
    "choice": _single,
    "text": _single,
    "math": _single,
    "number": _single,
    "numbers": _numbers,
    "matrix": _matrix,
    "table": _table,
    "graph": _graph,
    "sketch": _sketch,
}


def _first(entries: Entries, tail: str) -> str:
    """The first value of that name; "" if there is none or it is white space alone."""
    value = next(iter(entries.get(tail, ())), "")
    return value if value.strip() else ""


def _indices(entries: Entries, head: str) -> list[int]:
    """The row numbers in names such as `nodes.3.label`, in order; rows may be missing in between."""
    found = (re.match(rf"{re.escape(head)}([0-9]{{1,4}})(?:\.|$)", tail) for tail in entries)
    return sorted({int(match[1]) for match in found if match})
