"""The plot under a sketch: axes with round ticks and the given points, in the units of an SVG viewBox."""

from dataclasses import dataclass
from math import ceil, floor, log10

from app.grading.fields.sketch import SketchSpec

WIDTH, HEIGHT = 480.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 14.0, 34.0
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, in pixels of the viewBox, and the number there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The frame (`left`, `top`, `right`, `bottom` in pixels), the axes' ranges, their ticks, and the points.

    `baseline` is the height of y = 0 where it lies inside the frame.
    """

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    points: tuple[tuple[float, float], ...]
    baseline: float | None


def plot_of(spec: SketchSpec) -> Plot:
    """The plot of a sketch field."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def across(x: float) -> float:
        return _scaled(x, spec.x, LEFT, right)

    def down(y: float) -> float:
        return _scaled(y, spec.y, bottom, TOP)

    return Plot(
        *(WIDTH, HEIGHT, LEFT, TOP, right, bottom),
        x=spec.x,
        y=spec.y,
        x_ticks=tuple(Tick(across(number), _label(number)) for number in ticks(*spec.x)),
        y_ticks=tuple(Tick(down(number), _label(number)) for number in ticks(*spec.y)),
        points=tuple((across(x), down(y)) for x, y in spec.points),
        baseline=down(0) if spec.y[0] < 0 < spec.y[1] else None,
    )


def ticks(low: float, high: float) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten, at most eight of them.

    >>> ticks(-0.2, 1.2)
    [-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2]
    """
    rough = (high - low) / MOST_TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(count * step, 12) for count in range(first, last + 1)]


def _scaled(value: float, axis: tuple[float, float], start: float, end: float) -> float:
    return round(start + (value - axis[0]) / (axis[1] - axis[0]) * (end - start), 2)


def _label(number: float) -> str:
    return f"{number:g}".replace("-", "−")
