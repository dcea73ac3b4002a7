"""Computation graphs as pictures: a student's as it was drawn, or a model solution in layers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, sin

from markupsafe import Markup

from app.grading.types import Raw
from app.rendering.graph_places import HEIGHT, Box, Drawing, drawing_of
from app.rendering.layers import Edge, Place
from app.rendering.svg import element, group, number, picture

HEAD = 11.0  # length of an arrow's head in pixels

# What a state adds: classes, a sign for those who do not see colours, and a word for those who see nothing.
STATES = {
    "right": ("fig-right fig-good", "✓", "right"),
    "missing": ("fig-missing fig-soft", "?", "missing"),
    "extra": ("fig-extra fig-bad", "✕", "not expected"),
}


@dataclass(frozen=True, slots=True)
class GraphMark:
    """A node (its id) or an arrow (from, to): its state, "" for none, and the criteria that it counts for."""

    place: str | Edge
    state: str = ""
    criteria: tuple[str, ...] = ()


def draw_graph(answer: Raw, name: str, marks: Iterable[GraphMark] = ()) -> Markup:
    """A graph as students send it, from left to right where it has no places of its own."""
    drawing = drawing_of(answer)
    marked = {mark.place: mark for mark in marks}
    arrows = (_arrow(edge, drawing, marked.get(edge)) for edge in drawing.passed)
    nodes = (_node(box, marked.get(node)) for node, box in drawing.boxes.items())
    return picture(*drawing.size, name, _description(drawing, marked), (*arrows, *nodes), classes="fig-graph")


def _node(box: Box, mark: GraphMark | None) -> Markup:
    frame = element(
        "rect",
        x=box.x - box.width / 2,
        y=box.y - HEIGHT / 2,
        width=box.width,
        height=HEIGHT,
        rx=12,
        fill="none",
        stroke="currentColor",
        stroke_width=1.5,
        stroke_dasharray=_dashes(mark),
    )
    label = element(
        "text", box.label, x=box.x, y=box.y + 5, text_anchor="middle", font_size=15, fill="currentColor"
    )
    sign = _sign(mark, box.x + box.width / 2, box.y - HEIGHT / 2)
    return group(_classes("fig-node", mark), frame, label, sign, data_criterion=_criteria(mark))


def _arrow(edge: Edge, drawing: Drawing, mark: GraphMark | None) -> Markup:
    way = _way(edge, drawing)
    line = element(
        "path",
        d=_smooth(way),
        fill="none",
        stroke="currentColor",
        stroke_width=2,
        stroke_dasharray=_dashes(mark),
    )
    head = element("path", d=_head(way[-1], way[-2]), fill="currentColor")
    middle_x, middle_y = way[len(way) // 2] if len(way) > 2 else _between(way[0], way[1])
    sign = _sign(mark, middle_x, middle_y - 10)
    return group(_classes("fig-arrow", mark), line, head, sign, data_criterion=_criteria(mark))


def _way(edge: Edge, drawing: Drawing) -> list[Place]:
    """From border to border, by the places that the arrow passes; a loop goes over its node."""
    start, end = (drawing.boxes[node] for node in edge)
    if edge[0] == edge[1]:
        above = start.y - HEIGHT
        return [
            (start.x - 10, start.y - HEIGHT / 2),
            (start.x - 18, above),
            (start.x + 18, above),
            (start.x + 10, start.y - HEIGHT / 2),
        ]
    middle = list(drawing.passed[edge])
    if not middle and (edge[1], edge[0]) in drawing.passed:
        middle = [_aside(start, end)]
    first, last = (middle[0], middle[-1]) if middle else ((end.x, end.y), (start.x, start.y))
    return [_border(start, first), *middle, _border(end, last)]


def _aside(start: Box, end: Box) -> Place:
    """The middle of one of two arrows between the same nodes, moved to its side."""
    length = hypot(end.x - start.x, end.y - start.y) or 1.0
    x, y = _between((start.x, start.y), (end.x, end.y))
    return x - (end.y - start.y) / length * 18, y + (end.x - start.x) / length * 18


def _between(one: Place, other: Place) -> Place:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _border(box: Box, toward: Place) -> Place:
    """Where the way from the middle of a box to a place leaves the box."""
    dx, dy = toward[0] - box.x, toward[1] - box.y
    scale = min(box.width / 2 / (abs(dx) or 1e-9), HEIGHT / 2 / (abs(dy) or 1e-9), 1.0)
    return box.x + dx * scale, box.y + dy * scale


def _smooth(way: list[Place]) -> str:
    """Straight between two places, otherwise a curve with each place between as a corner."""
    if len(way) == 2:
        return f"M{_pair(way[0])}L{_pair(way[1])}"
    ends = [*(_between(corner, after) for corner, after in pairwise(way[1:-1])), way[-1]]
    curves = (f"Q{_pair(corner)} {_pair(end)}" for corner, end in zip(way[1:-1], ends, strict=True))
    return f"M{_pair(way[0])}{''.join(curves)}"


def _head(tip: Place, before: Place) -> str:
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    corners = [
        (tip[0] - HEAD * cos(angle + turn), tip[1] - HEAD * sin(angle + turn)) for turn in (0.42, -0.42)
    ]
    return f"M{_pair(tip)}L{_pair(corners[0])}L{_pair(corners[1])}Z"


def _pair(place: Place) -> str:
    return f"{number(place[0])} {number(place[1])}"


def _sign(mark: GraphMark | None, x: float, y: float) -> Markup:
    if mark is None or mark.state not in STATES:
        return Markup()
    disc = element("circle", cx=x, cy=y, r=9, fill="currentColor")
    sign = STATES[mark.state][1]
    text = element(
        "text", sign, x=x, y=y + 4, text_anchor="middle", font_size=12, fill="#ffffff", class_="fig-sign"
    )
    return disc + text


def _classes(kind: str, mark: GraphMark | None) -> str:
    state = STATES[mark.state][0] if mark and mark.state in STATES else ""
    return " ".join(filter(None, (kind, state, "ev" if mark and mark.criteria else "")))


def _criteria(mark: GraphMark | None) -> str | None:
    return " ".join(mark.criteria) if mark and mark.criteria else None


def _dashes(mark: GraphMark | None) -> str | None:
    return "6 4" if mark and mark.state == "missing" else None


def _description(drawing: Drawing, marked: Mapping[str | Edge, GraphMark]) -> str:
    """Every arrow in words, then the nodes without one, each with its state."""
    told = [
        f"{_named(start, drawing)} to {_named(end, drawing)}{_state(marked.get((start, end)))}"
        for start, end in drawing.passed
    ]
    joined = {node for edge in drawing.passed for node in edge}
    alone = [_named(node, drawing) for node in drawing.boxes if node not in joined]
    states = [
        f"{_named(node, drawing)}{state}" for node in drawing.boxes if (state := _state(marked.get(node)))
    ]
    lists = (("Arrows", told), ("Nodes without arrows", alone), ("Nodes", states))
    return " ".join(f"{title}: {', '.join(items)}." for title, items in lists if items) or "No nodes."


def _named(node: str, drawing: Drawing) -> str:
    return drawing.boxes[node].label


def _state(mark: GraphMark | None) -> str:
    return f" ({STATES[mark.state][2]})" if mark and mark.state in STATES else ""
