"""Plots with a student's pen lines or an author's curves, and the places that counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup

from app.grading.fields.sketch import SketchSpec
from app.grading.types import Raw
from app.rendering.axes import Plot, plot_of
from app.rendering.svg import element, group, number, picture

MOST_STROKES = 200
MOST_POINTS = 20_000
MARGIN = 0.1  # how far, in lengths of an axis, a line may leave the frame before it is bent along it

Point = tuple[float, float]
Stroke = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PenMark:
    """Points `first` to `last` (inclusive) of a stroke, which counted for a criterion."""

    stroke: int
    first: int
    last: int
    criterion: str


def draw_plot(spec: SketchSpec, name: str) -> Markup:
    """The axes and the given points alone."""
    plot = plot_of(spec)
    return _picture(plot, name, _description(spec), ())


def draw_sketch(spec: SketchSpec, answer: Raw, name: str, marks: Iterable[PenMark] = ()) -> Markup:
    """Pen lines over the plot. `answer` is a sketch as students send it; what is no stroke is left out."""
    plot, strokes = plot_of(spec), strokes_of(answer)
    description = f"{_description(spec)} Lines drawn: {len(strokes)}. {_ends(strokes)}".strip()
    lines = group(
        "plot-strokes fig-accent",
        *(_line(spec, plot, _thinned(stroke, len(strokes)), 3) for stroke in strokes if stroke),
    )
    return _picture(plot, name, description, (*_marked(spec, plot, strokes, marks), lines))


def strokes_of(answer: Raw) -> list[Stroke]:
    """The strokes of an answer of any shape, at most 200."""
    raw = answer.get("strokes") if isinstance(answer, Mapping) else None
    return [_points(stroke) for stroke in raw[:MOST_STROKES]] if isinstance(raw, list) else []


def _points(raw: Any) -> Stroke:
    points = raw if isinstance(raw, list) else []
    return tuple(
        (float(point[0]), float(point[1])) for point in islice(points, MOST_POINTS) if _is_point(point)
    )


def _is_point(raw: Any) -> bool:
    return (
        isinstance(raw, list)
        and len(raw) == 2
        and all(isinstance(number, int | float) and -1e6 <= number <= 1e6 for number in raw)
    )


def _thinned(stroke: Stroke, strokes: int) -> Stroke:
    """The stroke with so few points that all strokes together stay within bounds; its ends remain."""
    step = max(1, -(-len(stroke) * strokes // MOST_POINTS))
    return stroke if step == 1 else (*stroke[:-1:step], stroke[-1])


def _line(spec: SketchSpec, plot: Plot, stroke: Stroke, width: float) -> Markup:
    places = [_place(spec, plot, point) for point in stroke]
    if len(places) == 1:
        return element(
            "circle", cx=places[0][0], cy=places[0][1], r=width, fill="currentColor", stroke="none"
        )
    return element(
        "polyline",
        points=" ".join(f"{number(x)},{number(y)}" for x, y in places),
        fill="none",
        stroke="currentColor",
        stroke_width=width,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _place(spec: SketchSpec, plot: Plot, point: Point) -> Point:
    x = _along(point[0], spec.x, plot.left, plot.right)
    return x, _along(point[1], spec.y, plot.bottom, plot.top)


def _along(value: float, axis: tuple[float, float], start: float, end: float) -> float:
    share = (value - axis[0]) / (axis[1] - axis[0])
    return start + min(max(share, -MARGIN), 1 + MARGIN) * (end - start)


def _marked(
    spec: SketchSpec, plot: Plot, strokes: Sequence[Stroke], marks: Iterable[PenMark]
) -> Iterable[Markup]:
    """A broad soft line under each place that counted, or a ring around a single point."""
    for mark in islice(marks, MOST_STROKES):
        piece = (
            strokes[mark.stroke][max(mark.first, 0) : mark.last + 1]
            if mark.stroke in range(len(strokes))
            else ()
        )
        if not piece:
            continue
        line = (
            _ring(_place(spec, plot, piece[0]))
            if len(piece) == 1
            else _line(spec, plot, _thinned(piece, 1), 10)
        )
        yield group("plot-mark fig-mark ev", line, data_criterion=mark.criterion, opacity=0.6)


def _ring(place: Point) -> Markup:
    return element(
        "circle", cx=place[0], cy=place[1], r=9, fill="none", stroke="currentColor", stroke_width=4
    )


def _picture(plot: Plot, name: str, description: str, drawn: Iterable[Markup]) -> Markup:
    return picture(plot.width, plot.height, name, description, (*_frame(plot), *drawn), classes="fig-plot")


def _frame(plot: Plot) -> Iterable[Markup]:
    grid = [f"M{number(tick.at)} {plot.top:g}V{plot.bottom:g}" for tick in plot.x_ticks]
    grid += [f"M{plot.left:g} {number(tick.at)}H{plot.right:g}" for tick in plot.y_ticks]
    axes = f"M{plot.left:g} {plot.top:g}V{plot.bottom:g}H{plot.right:g}"
    yield _path("".join(grid), "plot-grid", stroke_opacity=0.15)
    yield _path(axes, "plot-axis", stroke_width=1.5)
    if plot.baseline is not None:
        yield _path(
            f"M{plot.left:g} {number(plot.baseline)}H{plot.right:g}", "plot-zero", stroke_dasharray="5 4"
        )
    yield _numbers(plot)
    yield group(
        "plot-names",
        element("text", "x", x=plot.right, y=plot.bottom - 6, text_anchor="end"),
        element("text", "y", x=plot.left + 8, y=plot.top + 14),
        fill="currentColor",
        font_size=14,
        font_style="italic",
    )
    points = (element("circle", cx=x, cy=y, r=5) for x, y in plot.points)
    yield group("plot-points", *points, fill="currentColor")


def _path(d: str, classes: str, **attributes: str | float | None) -> Markup:
    return element("path", d=d, class_=classes, fill="none", stroke="currentColor", **attributes)


def _numbers(plot: Plot) -> Markup:
    below = (
        element("text", tick.label, x=tick.at, y=plot.height - 14, text_anchor="middle")
        for tick in plot.x_ticks
    )
    beside = (
        element("text", tick.label, x=plot.left - 8, y=tick.at + 4, text_anchor="end")
        for tick in plot.y_ticks
    )
    return group("plot-numbers fig-soft", *below, *beside, fill="currentColor", font_size=12)


def _description(spec: SketchSpec) -> str:
    (left, right), (low, high) = spec.x, spec.y
    points = ", ".join(f"({x:g}, {y:g})" for x, y in spec.points)
    given = f" Given points: {points}." if points else ""
    return f"Axes: x from {left:g} to {right:g}, y from {low:g} to {high:g}.{given}"


def _ends(strokes: Sequence[Stroke]) -> str:
    """Where the first lines begin and end, for those who cannot see them."""
    told = (
        f"Line {count} goes from ({stroke[0][0]:.3g}, {stroke[0][1]:.3g})"
        f" to ({stroke[-1][0]:.3g}, {stroke[-1][1]:.3g})."
        for count, stroke in enumerate(strokes[:5], 1)
        if stroke
    )
    return " ".join(told)
