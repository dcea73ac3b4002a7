"""`endterm compare`: single readings and comparisons, one JSON object out per line in."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from app.exams.compiling import CannotCompile, compile_one
from app.exams.json_lines import read_object
from app.exams.loader import fault_message
from app.grading.checks import Setting
from app.grading.fields.text import Text
from app.grading.language import Glossary
from app.grading.mathematics import compare_math, read_number
from app.grading.types import BLANK, Blank, Unreadable, Value, View

Case = Mapping[str, Any]

MOST_LINE = 200_000


def compare(line: str, number: int) -> dict[str, Any]:
    """The answer to one line; a faulty line gets its number and an error in its place."""
    case = read_object(line, MOST_LINE)
    if isinstance(case, str):
        return {"line": number, "error": case}
    kind = case.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return {
            "id": case.get("id"),
            "line": number,
            "error": f"kind must be {', '.join(KINDS)}, not {_short(kind)}",
        }
    found = KINDS[kind](case)
    place = {"line": number} if "error" in found else {}
    return {"id": case.get("id"), **place, **found}


def _short(value: object) -> str:
    return repr(value)[:40]


def _math(case: Case) -> dict[str, Any]:
    a, b = case.get("a"), case.get("b")
    if not isinstance(a, str) or not isinstance(b, str):
        return {"error": "a and b must be texts"}
    found = compare_math(a, b)
    return {"verdict": found.verdict, "reason": found.reason}


def _number(case: Case) -> dict[str, Any]:
    text = case.get("text")
    if not isinstance(text, str):
        return {"error": "text must be a text"}
    match read_number(text, integer=case.get("integer") is True):
        case Value(value, echo, others):
            readings = [exact_text(one) for one in (value, *others)]
            return {"value": readings[0], "readings": readings, "reason": echo}
        case Unreadable(reason):
            return {"value": None, "readings": [], "reason": reason}
        case Blank():
            return {"value": None, "readings": [], "reason": "Nothing was entered."}


def exact_text(value: Fraction) -> str:
    """A finite decimal as such, any other number as a fraction.

    >>> exact_text(Fraction(1, 2500)), exact_text(Fraction(-1, 3))
    ('0.0004', '-1/3')
    """
    digits = _decimals(value.denominator)
    if digits is None:
        return f"{value.numerator}/{value.denominator}"
    scaled = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{scaled[:-digits]}.{scaled[-digits:]}" if digits else scaled)


def _decimals(denominator: int) -> int | None:
    """How many decimals a fraction needs; None if it never ends."""
    powers = []
    for prime in (2, 5):
        powers.append(0)
        while denominator % prime == 0:
            denominator //= prime
            powers[-1] += 1
    return max(powers) if denominator == 1 else None


def _text(case: Case) -> dict[str, Any]:
    """`rule` is a text check as in the exam file: {"says": ["day & night"]}; a bare list stands for `says`."""
    rule, answer = case.get("rule"), case.get("answer")
    if not isinstance(answer, str):
        return {"error": "answer must be a text"}
    written = rule if isinstance(rule, dict) and len(rule) == 1 else {"says": rule}
    terms = case.get("terms") or {}
    if not _are_terms(terms):
        return {"error": "terms must be names, each with a list of the ways to write it"}
    try:
        check = compile_one(written, Setting("case", {"text": Text()}, terms=Glossary.of(terms)))
    except ValidationError as error:
        return {"error": f"the rule cannot be used: {_first_fault(error)}"}
    except (CannotCompile, ValueError) as error:
        return {"error": f"the rule cannot be used: {error}"}
    reading = Value(answer) if answer.strip() else BLANK
    verdict = check.judge(View("case", {"case": {"text": reading}}))
    return {
        "verdict": verdict.outcome.value,
        "reason": verdict.sentence,
        "evidence": [evidence.as_json() for evidence in verdict.evidence],
    }


def _are_terms(terms: object) -> bool:
    return isinstance(terms, dict) and all(
        isinstance(ways, list) and all(isinstance(way, str) for way in ways) for ways in terms.values()
    )


def _first_fault(error: ValidationError) -> str:
    """One of many in one line, as an author of exams is told it."""
    first = error.errors(include_url=False)[0]
    return fault_message(first, first["loc"])


KINDS: Mapping[str, Callable[[Case], dict[str, Any]]] = {"math": _math, "number": _number, "text": _text}
