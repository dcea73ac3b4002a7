"""Marks and answers as plain JSON: what `endterm grade` prints and what is stored with a mark."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.grading.types import CriterionMark, FieldError, PartMark


def part_json(mark: PartMark) -> dict[str, Any]:
    """One part's mark in the answer format; points as numbers."""
    report: dict[str, Any] = {
        "points": float(mark.points),
        "max": float(mark.max),
        "low": float(mark.low),
        "high": float(mark.high),
        "review": mark.review,
        "answered": mark.answered,
        "criteria": [criterion_json(one) for one in mark.criteria],
    }
    if mark.reasons:
        report["reasons"] = list(mark.reasons)
    if mark.errors:
        report["errors"] = [_error_json(error) for error in mark.errors]
    return report


def criterion_json(one: CriterionMark) -> dict[str, Any]:
    """A criterion with its verdict; `points` is what it is worth."""
    return {
        "id": one.id,
        "points": float(one.points),
        "verdict": one.verdict.outcome.value,
        "evidence": [evidence.as_json() for evidence in one.verdict.evidence],
        "sentence": one.verdict.sentence,
        "counts": one.counts,
    }


def _error_json(error: FieldError) -> dict[str, str]:
    return {"field": error.field, "reason": error.reason}


def attempt_json(attempt_id: object, marks: Mapping[str, PartMark]) -> dict[str, Any]:
    """A whole attempt's marks with their sums."""
    return {
        "id": attempt_id,
        "points": _sum(mark.points for mark in marks.values()),
        "max": _sum(mark.max for mark in marks.values()),
        "low": _sum(mark.low for mark in marks.values()),
        "high": _sum(mark.high for mark in marks.values()),
        "parts": {part_id: part_json(mark) for part_id, mark in marks.items()},
    }


def _sum(points: Iterable[Any]) -> float:
    return float(sum(points))
