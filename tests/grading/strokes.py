"""Pen lines for tests, by short descriptions: a line, an S, an arc, points; with a wobble of the hand."""

import random
from collections.abc import Callable, Sequence
from math import exp
from typing import Any

Point = tuple[float, float]


def drawn(shapes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A sketch with one stroke for each shape, such as `{line: [[0, 0], [10, 1]], wobble: 0.02}`."""
    return {"strokes": [_stroke(shape) for shape in shapes]}


def _stroke(shape: dict[str, Any]) -> list[list[float]]:
    chance = random.Random(shape.get("seed", 1))
    wobble = shape.get("wobble", 0.0)
    points = _points(shape)
    return [[round(x, 3), round(y + chance.uniform(-wobble, wobble), 3)] for x, y in points]


def _points(shape: dict[str, Any]) -> list[Point]:
    count = shape.get("dots", 30)
    match shape:
        case {"line": [[x1, y1], [x2, y2]]}:
            return _along(x1, x2, lambda x: y1 + (y2 - y1) * (x - x1) / (x2 - x1), count)
        case {"s": {"from": left, "to": right, "middle": middle, "steepness": steepness}}:
            return _along(left, right, lambda x: 1 / (1 + exp(-steepness * (x - middle))), count)
        case {"parabola": {"from": [x1, y1], "to": [x2, y2], "height": height}}:

            def arc(x: float) -> float:
                t = (x - x1) / (x2 - x1)
                return float(y1 + (y2 - y1) * t + 4 * height * t * (1 - t))

            return _along(x1, x2, arc, count)
        case {"points": points}:
            return [(x, y) for x, y in points]
    raise ValueError(f"no such shape: {shape}")


def _along(left: float, right: float, height: Callable[[float], float], count: int) -> list[Point]:
    steps = (left + (right - left) * number / (count - 1) for number in range(count))
    return [(x, height(x)) for x in steps]
