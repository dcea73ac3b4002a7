"""Pieces and long sums of real numbers, with bounds on their errors; near an edge there is no value."""

from collections.abc import Callable

from app.grading.mathematics.real_functions import EPSILON, Near, NotReal
from app.grading.mathematics.real_points import Make, Point, ValueAt, fixed, share, without_value
from app.grading.mathematics.tree import And, BigSum, Cases, Expr, Rel, walk
from app.grading.mathematics.writing import to_text


def pieces_at(node: Cases, make: Make) -> ValueAt:
    pieces = [(_condition(rule, make), make(value)) for value, rule in node.pieces]
    otherwise = without_value("no piece applies") if node.otherwise is None else make(node.otherwise)

    def value_at(point: Point) -> Near:
        for holds, value in pieces:
            if holds(point):
                return value(point)
        return otherwise(point)

    return value_at


def _condition(rule: Expr, make: Make) -> Callable[[Point], bool]:
    if isinstance(rule, And):
        items = [_condition(item, make) for item in rule.items]
        return lambda point: all(item(point) for item in items)
    if not isinstance(rule, Rel):
        return _no_condition
    sides = [make(side) for side in rule.sides]
    pairs = list(zip(rule.signs, sides, sides[1:], strict=False))
    return lambda point: all(_holds(sign, left(point), right(point)) for sign, left, right in pairs)


def _no_condition(_point: Point) -> bool:
    raise NotReal("not a condition")


def _holds(sign: str, left: Near, right: Near) -> bool:
    (a, a_off), (b, b_off) = left, right
    if abs(a - b) <= a_off + b_off + EPSILON * (abs(a) + abs(b)):
        raise NotReal("too close to an edge")
    if sign not in _ABOVE:
        raise NotReal("not a condition")
    return sign != "=" and (sign == "≠" or (a > b) is _ABOVE[sign])


_ABOVE = {">": True, "≥": True, "<": False, "≤": False, "=": True, "≠": True}


def series_at(node: BigSum, make: Make) -> ValueAt:
    body, kind, index = make(node.body), node.kind, node.index
    if index is None or (node.lower is None) != (node.upper is None):
        return _without_bounds(body, kind)
    low_at = fixed(1.0, 0.0) if node.lower is None else make(node.lower)
    high_at = _size if node.upper is None else make(node.upper)
    name, steps = to_text(index), len(walk(node.body))

    def value_at(point: Point) -> Near:
        low, high = round(low_at(point)[0]), round(high_at(point)[0])
        if high - low > 100:
            raise NotReal("too many terms")
        around, total, error = point.indices, 0.0 if kind == "sum" else 1.0, 0.0
        for number in range(low, high + 1):
            point.effort.spend(steps)
            point.indices = (*around, (name, number))
            value, off = body(point)
            if kind == "sum":
                total, error = total + value, error + off + (abs(total) + abs(value)) * EPSILON
            else:
                error = error * abs(value) + off * abs(total) + abs(total * value) * EPSILON
                total *= value
        point.indices = around
        return total, error

    return value_at


def _size(point: Point) -> Near:
    return float(point.size), 0.0


def _without_bounds(body: ValueAt, kind: str) -> ValueAt:
    """A sum over nobody knows what: its body times a number."""
    times = 1 + share(kind)

    def value_at(point: Point) -> Near:
        value, error = body(point)
        return value * times, error * 2

    return value_at
