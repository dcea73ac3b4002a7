"""What a pen drew as a curve: its height as a function of x, in a plot whose axes are scaled to 1."""

from collections.abc import Mapping
from itertools import pairwise
from operator import sub
from typing import NamedTuple

from app.grading.checks.pen import Drawing, Spot, Stroke

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
    """

    first: int
    heights: list[float]
    leap: float
    drawing: Drawing

    @property
    def ends(self) -> tuple[float, float]:
        """The x of the left and of the right end."""
        return self.first / COLUMNS, (self.first + len(self.heights) - 1) / COLUMNS

    def place(self, first: int, last: int) -> Mapping[str, int]:
        """The place between two columns, as evidence names it; that of the last where a new stroke began in between."""
        drawn = _drawn(self.drawing)
        columns = range(self.first, self.first + len(self.heights))
        (one, start), (stroke, end) = (
            next(drawn[column] for column in columns[at:] if column in drawn) for at in (first, last)
        )
        start = start if one == stroke else end
        return {"stroke": stroke, "from": min(start, end), "to": max(start, end)}


def _drawn(drawing: Drawing) -> dict[int, tuple[int, int]]:
    """The stroke and the dot of each column that the pen passed, first of all: the dot that it was on the way to."""
    drawn: dict[int, tuple[int, int]] = {}
    for stroke in drawing:
        columns = _columns(stroke)
        for dot, (column, next_column) in zip(stroke.dots, pairwise([columns[0], *columns]), strict=True):
            for passed in (*_between(column, next_column), next_column):
                drawn.setdefault(passed, (stroke.number, dot))
    return drawn


def as_graph(drawing: Drawing) -> Graph:
    """The mean height in every column of the plot that the pen passed, left to right."""
    found: dict[int, float] = {}
    counts: dict[int, int] = {}
    for stroke in drawing:
        for column, height in zip(*_passed(stroke), strict=True):
            if column in found:
                count = counts[column] = counts.get(column, 1) + 1
                found[column] += (height - found[column]) / count
            else:
                found[column] = height
    return _bridged({column: found[column] for column in sorted(found)}, drawing)


def _passed(stroke: Stroke) -> tuple[list[int], list[float]]:
    """The columns that the pen passed, on its way, and the heights there: in that of a dot those of the dot."""
    columns: list[int] = []
    heights: list[float] = []
    x, y, column = stroke.xs[0], stroke.ys[0], round(stroke.xs[0] * COLUMNS)
    for next_x, next_y, next_column in zip(stroke.xs, stroke.ys, _columns(stroke), strict=True):
        if between := _between(column, next_column):
            slope = (next_y - y) / (next_x - x) / COLUMNS
            base = y - slope * x * COLUMNS
            columns += between
            heights += [base + slope * one for one in between]
        columns.append(next_column)
        heights.append(next_y)
        x, y, column = next_x, next_y, next_column
    return columns, heights


def _columns(stroke: Stroke) -> list[int]:
    """The columns of the dots."""
    return [round(x * COLUMNS) for x in stroke.xs]


def _between(column: int, next_column: int) -> range:
    step = 1 if next_column > column else -1
    return range(column + step, next_column, step)


def _bridged(columns: Mapping[int, float], drawing: Drawing) -> Graph:
    """The heights, from left to right, without gaps."""
    first, heights, leap = next(iter(columns)), list(columns.values()), 0.0
    if next(reversed(columns)) - first >= len(heights):
        heights = []
        for column, height in columns.items():
            gap = column - first - len(heights)
            if gap:
                leap = max(leap, abs(height - heights[-1]))
                rise = (height - heights[-1]) / (gap + 1)
                heights += [heights[-1] + rise * number for number in range(1, gap + 1)]
            heights.append(height)
    return Graph(first, heights, leap, drawing)


def deepest_fall(graph: Graph) -> Spot:
    """The largest way down from a height reached before; with its place if it is more than LEVEL."""
    highest, top, deepest, fall = graph.heights[0], 0, 0.0, (0, 0)
    for at, height in enumerate(graph.heights):
        if height > highest:
            highest, top = height, at
        elif highest - height > deepest:
            deepest, fall = highest - height, (top, at)
    return Spot(deepest, graph.place(*fall) if deepest > LEVEL else {})


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
