"""What a pen drew as a curve: its height as a function of x, in a plot whose axes are scaled to 1."""

from collections.abc import Iterator, Mapping
from operator import sub
from typing import NamedTuple

from app.grading.checks.pen import Drawing, Spot, Stroke, steps

# Limits as shares of the plot: up to the first is right, from the second on wrong, in between a person looks.
LEVEL, FALLING = 0.06, 0.12  # how far a rising curve goes down
FLAT, NOT_FLAT = 0.15, 0.19  # share of the rise in the first and in the last fifth of the width
STEEP, NOT_STEEP = 0.32, 0.26  # share of the rise in the steepest fifth
TOO_SHORT = 0.1  # missing at the ends

NARROWEST = 0.1
JUMP_COLUMNS, JUMP_HEIGHT = 4, 0.6
COLUMNS = 200


class Graph(NamedTuple):
    """A curve as a function of x: the mean height in each column of the plot, from the column `first` on.

    Where one stroke ends before the next begins, it goes straight over; `leap` is the farthest that it goes up or down there.
    `drawn` tells the stroke and the dot of a column.
    """

    first: int
    heights: list[float]
    drawn: list[tuple[int, int]]
    leap: float

    @property
    def ends(self) -> tuple[float, float]:
        """The x of the left and of the right end."""
        return self.first / COLUMNS, (self.first + len(self.heights) - 1) / COLUMNS

    def place(self, first: int, last: int) -> Mapping[str, int]:
        """The place between two columns, as evidence names it; that of the last where a new stroke began in between."""
        (one, start), (stroke, end) = self.drawn[first], self.drawn[last]
        start = start if one == stroke else end
        return {"stroke": stroke, "from": min(start, end), "to": max(start, end)}


def as_graph(drawing: Drawing) -> Graph:
    """The mean height in every column of the plot that the pen passed, left to right."""
    sums: dict[int, float] = {}
    counts: dict[int, int] = {}
    drawn: dict[int, tuple[int, int]] = {}
    for stroke in drawing:
        for dot, columns, heights in _dense(stroke):
            for column, height in zip(columns, heights, strict=True):
                if column in sums:
                    sums[column] += height
                    counts[column] += 1
                else:
                    sums[column], counts[column], drawn[column] = height, 1, (stroke.number, dot)
    return _bridged({column: sums[column] / counts[column] for column in sorted(sums)}, drawn)


def _dense(stroke: Stroke) -> Iterator[tuple[int, list[int], list[float]]]:
    """Each dot with the columns that the stroke passes on the way to it, each of them at least once, and the heights there."""
    yield stroke.dots[0], [round(stroke.xs[0] * COLUMNS)], stroke.ys[:1]
    for dot, (x, y, dx, dy, _) in zip(stroke.dots[1:], steps(stroke), strict=True):
        count = min(2 * COLUMNS, int(abs(dx) * COLUMNS * 2) + 1)
        shares = [number / count for number in range(1, count + 1)]
        yield (
            dot,
            [round((x + dx * share) * COLUMNS) for share in shares],
            [y + dy * share for share in shares],
        )


def _bridged(columns: Mapping[int, float], drawn: Mapping[int, tuple[int, int]]) -> Graph:
    """The heights, from left to right, without gaps: what lies in a gap belongs to the stroke on its right."""
    heights: list[float] = []
    places: list[tuple[int, int]] = []
    first = next(iter(columns))
    leap = 0.0
    for column, height in columns.items():
        gap = column - first - len(heights)
        if gap:
            leap = max(leap, abs(height - heights[-1]))
            rise = (height - heights[-1]) / (gap + 1)
            heights += [heights[-1] + rise * number for number in range(1, gap + 1)]
            places += [drawn[column]] * gap
        heights.append(height)
        places.append(drawn[column])
    return Graph(first, heights, places, leap)


def deepest_fall(graph: Graph) -> Spot:
    """The largest way down from a height reached before."""
    highest, top, deepest, fall = graph.heights[0], 0, 0.0, (0, 0)
    for at, height in enumerate(graph.heights):
        if height > highest:
            highest, top = height, at
        elif highest - height > deepest:
            deepest, fall = highest - height, (top, at)
    return Spot(deepest, graph.place(*fall))


def shares_of_rise(graph: Graph) -> tuple[float, float, float]:
    """The share of the whole rise in the first, the steepest and the last fifth of the width.

    A straight line has a fifth in each; a curve that does not rise has everything at its ends.
    """
    rise = graph.heights[-1] - graph.heights[0]
    if rise < NARROWEST:
        return 1.0, 0.0, 1.0
    step = (len(graph.heights) - 1) / 25
    heights = [_height(graph, step * number) for number in range(26)]
    shares = [(right - left) / rise for left, right in zip(heights, heights[5:], strict=False)]
    return shares[0], max(shares), shares[-1]


def _height(graph: Graph, columns: float) -> float:
    """The height so many columns from the left end, between the two nearest."""
    at = min(int(columns), len(graph.heights) - 2)
    one, other = graph.heights[at : at + 2]
    return one + (other - one) * (columns - at)


def is_jump(graph: Graph) -> bool:
    """Whether most of the rise is in a place where no x could be told from the next, or where no pen went."""
    rise = abs(graph.heights[-1] - graph.heights[0])
    ahead = graph.heights[JUMP_COLUMNS:] + graph.heights[-1:] * JUMP_COLUMNS
    steepest: float = max(map(abs, map(sub, ahead, graph.heights)))
    return max(steepest, graph.leap) > JUMP_HEIGHT * max(rise, NARROWEST)
