"""`endterm compare`: single readings and comparisons, one JSON line out per line in."""

import json
from typing import Any

from pydantic import ValidationError

from app.exams.compiling import CannotCompile, compile_one
from app.grading.checks import Setting
from app.grading.comparing import compare_line
from app.grading.fields.text import Text
from app.grading.language import Glossary
from app.grading.types import BLANK, Value, View


def compare(line: str) -> dict[str, Any]:
    """The answer to one line of any kind."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        return compare_line(line)
    if isinstance(case, dict) and case.get("kind") == "text":
        return {"id": case.get("id"), **_text(case)}
    return compare_line(line)


def _text(case: dict[str, Any]) -> dict[str, Any]:
    """`rule` is a text check as in the exam file, such as {"says": ["day & night"]}; a bare list stands for `says`."""
    rule, answer = case.get("rule"), case.get("answer")
    if not isinstance(answer, str):
        return {"error": "answer must be a text"}
    written = rule if isinstance(rule, dict) and len(rule) == 1 else {"says": rule}
    try:
        terms = Glossary.of(case.get("terms") or {})
        check = compile_one(written, Setting("case", {"text": Text()}, terms=terms))
    except (ValidationError, CannotCompile, ValueError) as error:
        return {"error": f"the rule cannot be used: {error}"}
    reading = Value(answer) if answer.strip() else BLANK
    verdict = check.judge(View("case", {"case": {"text": reading}}))
    return {
        "verdict": verdict.outcome.value,
        "reason": verdict.sentence,
        "evidence": [evidence.as_json() for evidence in verdict.evidence],
    }
