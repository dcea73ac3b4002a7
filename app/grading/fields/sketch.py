"""Sketch: pen lines over a plot, in the units of its axes. Value: Sketch.

Coordinates are floats: they are places of a pen, never points.
"""

from dataclasses import dataclass
from typing import ClassVar

from app.grading.fields.spec import FieldKind, Spec, malformed, require
from app.grading.types import BLANK, Raw, Reading, Unreadable, Value

MOST_POINTS = 20_000
MOST_STROKES = 200
FARTHEST = 1e6

Point = tuple[float, float]
Stroke = tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchSpec(Spec):
    """A plot with axes `x` and `y`, each from a to b, and the given `points` in it."""

    kind: ClassVar[str] = "sketch"
    x: tuple[float, float]
    y: tuple[float, float]
    points: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        require(
            self.x[0] < self.x[1] and self.y[0] < self.y[1], "an axis goes from a smaller to a larger number"
        )


@dataclass(frozen=True, slots=True)
class Sketch:
    """The strokes in the order drawn, each one pen line; a stroke may be a single dot, or empty."""

    strokes: tuple[Stroke, ...]


def read(_spec: SketchSpec, raw: Raw) -> Reading:
    """The strokes; a plot without pen lines is blank.

    >>> read(SketchSpec(x=(0, 10), y=(0, 1)), {"strokes": [[[0, 0], [10, 1]]]}).value
    Sketch(strokes=(((0.0, 0.0), (10.0, 1.0)),))
    """
    if raw is None:
        return BLANK
    if not isinstance(raw, dict) or not isinstance(raw.get("strokes", []), list):
        return malformed("a sketch with strokes")
    strokes = raw.get("strokes", [])
    if not all(isinstance(stroke, list) for stroke in strokes):
        return malformed("a list of strokes, each a list of points")
    if len(strokes) > MOST_STROKES:
        return Unreadable(f"This sketch has more than {MOST_STROKES} lines.")
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        return Unreadable(f"This sketch has more than {MOST_POINTS:,} points.")
    points = [_points(stroke) for stroke in strokes]
    if None in points:
        return malformed("a list of strokes, each a list of points [x, y]")
    return Value(Sketch(tuple(stroke for stroke in points if stroke is not None))) if any(points) else BLANK


def _points(stroke: list[Raw]) -> Stroke | None:
    """The points of a stroke; None if something else is among them."""
    points = []
    for point in stroke:
        if not isinstance(point, list) or len(point) != 2:
            return None
        x, y = point
        if not (_is_coordinate(x) and _is_coordinate(y)):
            return None
        points.append((float(x), float(y)))
    return tuple(points)


def _is_coordinate(raw: Raw) -> bool:
    """A finite number within reach; JSON readers also let NaN and infinity through."""
    return type(raw) in (float, int) and -FARTHEST <= raw <= FARTHEST


SKETCH = FieldKind("sketch", SketchSpec, read)
