"""Single readings and comparisons, as `endterm compare` prints them: one object in, one out."""

import json
from collections.abc import Mapping
from typing import Any

from app.grading.mathematics import compare_math, read_number
from app.grading.types import Blank, Unreadable, Value


def compare_line(line: str) -> dict[str, Any]:
    """The answer to one line; a faulty line gets an error in its place."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"not JSON: {error}"}
    if not isinstance(case, dict):
        return {"error": "not an object"}
    kinds = {"math": _math, "number": _number}
    kind = case.get("kind")
    if kind not in kinds:
        return {"id": case.get("id"), "error": f"kind must be math, number or text, not {kind!r}"}
    return {"id": case.get("id"), **kinds[kind](case)}


def _math(case: Mapping[str, Any]) -> dict[str, Any]:
    a, b = case.get("a"), case.get("b")
    if not isinstance(a, str) or not isinstance(b, str):
        return {"error": "a and b must be texts"}
    found = compare_math(a, b)
    return {"verdict": found.verdict, "reason": found.reason}


def _number(case: Mapping[str, Any]) -> dict[str, Any]:
    text = case.get("text")
    if not isinstance(text, str):
        return {"error": "text must be a text"}
    reading = read_number(text, integer=case.get("integer") is True)
    match reading:
        case Value():
            readings = [_exact(value) for value in (reading.value, *reading.others)]
            return {"value": readings[0], "readings": readings, "reason": reading.echo}
        case Unreadable():
            return {"value": None, "readings": [], "reason": reading.reason}
        case Blank():
            return {"value": None, "readings": [], "reason": "Nothing was entered."}


def _exact(value: Any) -> str:
    """A finite decimal as such, any other number as a fraction."""
    numerator, denominator = value.numerator, value.denominator
    rest, digits = denominator, 0
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{numerator}/{denominator}"
    while denominator and (10**digits) % denominator:
        digits += 1
    scaled = abs(numerator) * 10**digits // denominator
    text = str(scaled).rjust(digits + 1, "0")
    sign = "-" if numerator < 0 else ""
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
