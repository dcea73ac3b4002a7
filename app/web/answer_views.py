"""A student's answer as the result page shows it, with the places that counted marked in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from app.grading.types import Raw
from app.web.pages import AnswerView
from app.web.previews import preview_math

Places = Sequence[Mapping[str, Any]]

EMPTY = Markup('<p class="answer-empty">Nothing entered.</p>')


def answer_view(spec: Any, name: str, raw: Raw, places: Places, reading: Mapping[str, str]) -> AnswerView:
    """One field; `places` are the pieces of evidence in it, as they are stored with a mark."""
    shown = SHOWN.get(spec.kind, _plain)
    html = EMPTY if raw in (None, "", [], {}) and spec.kind != "choices" else shown(spec, raw, places)
    return AnswerView(spec.label or name, html, _told(reading))


def _told(reading: Mapping[str, str]) -> str:
    if reading.get("state") == "unreadable":
        return f"Could not be read: {reading.get('reason', '')}"
    return f"Read as {reading['echo'].removeprefix('= ')}" if reading.get("echo") else ""


def _plain(_spec: Any, raw: Raw, _places: Places) -> Markup:
    return Markup('<p class="answer-text">{}</p>').format(str(raw))


def _text(_spec: Any, raw: Raw, places: Places) -> Markup:
    return Markup('<p class="answer-text">{}</p>').format(marked(str(raw), places))


def _math(_spec: Any, raw: Raw, places: Places) -> Markup:
    preview = preview_math(str(raw))
    formula = Markup('<div class="answer-formula">{}</div>').format(Markup(preview.html)) if preview.html else Markup()  # noqa: S704
    return Markup('<p class="answer-source"><code>{}</code></p>{}').format(marked(str(raw), places), formula)


def marked(text: str, places: Places) -> Markup:
    """The text with its counting places in <mark>; overlapping places become one."""
    shown, end = Markup(), 0
    for start, stop in _spans(text, places):
        shown += escape(text[end:start]) + Markup('<mark class="counts">{}</mark>').format(text[start:stop])
        end = stop
    return shown + escape(text[end:])


def _spans(text: str, places: Places) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end in sorted((place["start"], place["end"]) for place in places if "start" in place):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif start < end <= len(text):
            spans.append((start, end))
    return spans


def _choices(spec: Any, raw: Raw, _places: Places) -> Markup:
    ticked = raw if isinstance(raw, list) else []
    items = [
        Markup('<li><span aria-hidden="true">{}</span> {}<span class="visually-hidden"> ({})</span></li>').format(
            "☒" if number in ticked else "☐", option, "ticked" if number in ticked else "not ticked"
        )
        for number, option in enumerate(spec.options, 1)
    ]
    note = Markup("<p>“None of these” was ticked.</p>") if raw == [] else Markup()
    return Markup('<ul class="answer-options">{}</ul>{}').format(Markup().join(items), note)


def _matrix(_spec: Any, raw: Raw, places: Places) -> Markup:
    counted = {(place.get("row"), place.get("col")) for place in places}
    return _grid([[(str(cell), (r, c) in counted) for c, cell in enumerate(row)] for r, row in enumerate(_rows(raw))])


def _numbers(_spec: Any, raw: Raw, places: Places) -> Markup:
    counted = {place.get("index") for place in places}
    cells = raw if isinstance(raw, list) else [raw]
    return _grid([[(str(cell), index in counted) for index, cell in enumerate(cells)]])


def _table(_spec: Any, raw: Raw, places: Places) -> Markup:
    counted = {(place.get("row"), place.get("column")) for place in places}
    named = raw if isinstance(raw, dict) else {}
    if named:
        rows = [[(name, False), (str(word) or "left empty", (name, None) in counted)] for name, word in named.items()]
        return _grid(rows)
    listed = [row for row in _rows(raw) if isinstance(row, dict)]
    return _grid([[(str(cell), (index, name) in counted) for name, cell in row.items()] for index, row in enumerate(listed)])


def _rows(raw: Raw) -> Iterable[Any]:
    return raw if isinstance(raw, list) else []


def _grid(rows: Sequence[Sequence[tuple[str, bool]]]) -> Markup:
    lines = [
        Markup("<tr>{}</tr>").format(
            Markup().join(
                Markup('<td class="counts">{}</td>').format(cell) if counts else Markup("<td>{}</td>").format(cell)
                for cell, counts in row
            )
        )
        for row in rows
    ]
    return Markup('<div class="scroll" tabindex="0" role="group" aria-label="Your answer"><table class="answer-grid">{}</table></div>').format(
        Markup().join(lines)
    )


def _graph(_spec: Any, raw: Raw, _places: Places) -> Markup:
    nodes = {node.get("id"): node.get("label", "") for node in raw.get("nodes", []) if isinstance(node, dict)}
    edges = [edge for edge in raw.get("edges", []) if isinstance(edge, list) and len(edge) == 2]
    items = [Markup("<li>{} → {}</li>").format(nodes.get(a, a), nodes.get(b, b)) for a, b in edges]
    return Markup('<ul class="answer-edges">{}</ul>').format(Markup().join(items))


def _sketch(spec: Any, raw: Raw, _places: Places) -> Markup:
    """The strokes over the plot; y grows upwards."""
    (left, right), (low, high) = spec.x, spec.y
    width, height = 320, 200

    def at(x: float, y: float) -> str:
        return f"{(x - left) / (right - left) * width:.1f},{height - (y - low) / (high - low) * height:.1f}"

    strokes = [stroke for stroke in raw.get("strokes", []) if isinstance(stroke, list)][:200]
    lines = [
        Markup('<polyline points="{}"/>').format(" ".join(at(float(p[0]), float(p[1])) for p in stroke[:2000] if len(p) == 2))
        for stroke in strokes
    ]
    dots = [Markup('<circle r="3" cx="{}" cy="{}"/>').format(*at(float(x), float(y)).split(",")) for x, y in spec.points]
    return Markup(
        '<svg class="answer-sketch" viewBox="-6 -6 {} {}" role="img" aria-label="Your sketch">'
        '<rect width="{}" height="{}"/>{}{}</svg>'
    ).format(width + 12, height + 12, width, height, Markup().join(dots), Markup().join(lines))


SHOWN: Mapping[str, Callable[[Any, Raw, Places], Markup]] = {
    "text": _text,
    "math": _math,
    "choices": _choices,
    "matrix": _matrix,
    "numbers": _numbers,
    "table": _table,
    "graph": _graph,
    "sketch": _sketch,
}
