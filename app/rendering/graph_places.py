"""Reading a drawn graph of any shape, and where its nodes and arrows stand in a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any

from app.grading.types import Raw
from app.rendering.layers import Edge, Layout, Place, laid_out

MOST_NODES, MOST_EDGES = 60, 240
HEIGHT, LETTER, MOST_LETTERS = 44.0, 9.0, 18  # as in the editor, in pixels
CANVAS = (700.0, 352.0)  # the editor's; places in an answer are thousandths of it
MARGIN = 24.0


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its middle, its width, and what is written in it."""

    x: float
    y: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes by node id; the places that each arrow passes on its way; the size of the picture."""

    boxes: Mapping[str, Box]
    passed: Mapping[Edge, tuple[Place, ...]]
    size: tuple[float, float]


def drawing_of(answer: Raw) -> Drawing:
    """A graph as students send it; what is no node or arrow in it is left out.

    Nodes stand where they were drawn if every node has a place and none covers another, otherwise in layers.
    """
    labels, edges = labels_of(answer), edges_of(answer)
    layout = as_drawn(answer, labels) or laid_out(
        {node: width_of(label) for node, label in labels.items()}, edges
    )
    passed = {edge: layout.passed.get(edge, ()) for edge in edges}
    return _framed(Layout(layout.nodes, passed), labels)


def labels_of(answer: Raw) -> dict[str, str]:
    raw = answer.get("nodes") if isinstance(answer, Mapping) else None
    nodes = (node for node in raw if isinstance(node, dict)) if isinstance(raw, list) else ()
    listed = islice(((node.get("id"), node.get("label")) for node in nodes), MOST_NODES)
    return {
        identity: label if isinstance(label, str) else ""
        for identity, label in listed
        if isinstance(identity, str)
    }


def edges_of(answer: Raw) -> list[Edge]:
    labels = labels_of(answer)
    raw = answer.get("edges") if isinstance(answer, Mapping) else None
    pairs = (
        (edge for edge in raw if isinstance(edge, list) and len(edge) == 2) if isinstance(raw, list) else ()
    )
    known = ((a, b) for a, b in pairs if all(isinstance(end, str) and end in labels for end in (a, b)))
    return list(islice(dict.fromkeys(known), MOST_EDGES))


def width_of(label: str) -> float:
    return max(HEIGHT, len(shortened(label)) * LETTER + 24)


def shortened(label: str) -> str:
    return f"{label[: MOST_LETTERS - 1]}…" if len(label) > MOST_LETTERS else label or "?"


def as_drawn(answer: Raw, labels: Mapping[str, str]) -> Layout | None:
    """The places of the drawing, or None where some are missing or nodes would cover each other."""
    places: dict[str, Place] = {}
    for node in answer["nodes"][:MOST_NODES] if labels else ():
        if isinstance(node, dict) and _text(node.get("id")) in labels and _is_place(node):
            places[node["id"]] = (node["x"] / 1000 * CANVAS[0], node["y"] / 1000 * CANVAS[1])
    return Layout(places, {}) if len(places) == len(labels) and _apart(places, labels) else None


def _text(raw: Raw) -> str | None:
    return raw if isinstance(raw, str) else None


def _is_place(node: Mapping[str, Any]) -> bool:
    return all(
        isinstance(node.get(axis), int | float) and isfinite(node[axis]) and 0 <= node[axis] <= 1000
        for axis in ("x", "y")
    )


def _apart(places: Mapping[str, Place], labels: Mapping[str, str]) -> bool:
    boxes = [(x, y, width_of(labels[node])) for node, (x, y) in places.items()]
    return not any(
        abs(x - other_x) < (width + other_width) / 2 and abs(y - other_y) < HEIGHT
        for index, (x, y, width) in enumerate(boxes)
        for other_x, other_y, other_width in boxes[:index]
    )


def _framed(layout: Layout, labels: Mapping[str, str]) -> Drawing:
    """Everything moved so that the picture begins at 0, 0."""
    widths = {node: width_of(label) for node, label in labels.items()}
    heights = [y for _, y in layout.nodes.values()] + [
        y for way in layout.passed.values() for _, y in way
    ] or [0.0]
    left = min((x - widths[node] / 2 for node, (x, _) in layout.nodes.items()), default=0.0) - MARGIN
    right = max((x + widths[node] / 2 for node, (x, _) in layout.nodes.items()), default=0.0) + MARGIN
    top, bottom = min(heights) - HEIGHT / 2 - MARGIN, max(heights) + HEIGHT / 2 + MARGIN
    boxes = {
        node: Box(x - left, y - top, widths[node], shortened(labels[node]))
        for node, (x, y) in layout.nodes.items()
    }
    passed = {edge: tuple((x - left, y - top) for x, y in way) for edge, way in layout.passed.items()}
    return Drawing(boxes, passed, (right - left, bottom - top))
