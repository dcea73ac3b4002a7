"""Answers in many styles, each marked by the solution sheet before the engine saw it.

`fit` answers may guide a rule, so a mark that the engine settles must be theirs. `kept` answers never do: they tell how
often a settled mark is right on text that no rule was written for.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.exams.loader import load_exam
from app.grading import mark
from app.grading.types import PartMark

ANSWERS = Path("tests/exams/answers")
EXAMS = {
    folder.name: load_exam(Path("exams") / f"{folder.name}.yaml") for folder in sorted(ANSWERS.iterdir())
}
LEAST_SETTLED = 0.75
LEAST_RIGHT = 0.93  # many of them swap roles, deny, list or hedge on purpose


def rows(kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Exam, part and row of every answer of one kind."""
    for path in sorted(ANSWERS.glob("*/*.yaml")):
        for row in lists(path)[kind]:
            yield path.parent.name, path.stem, row


@cache
def lists(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def given(exam: str, part: str, row: dict[str, Any]) -> PartMark:
    parts = EXAMS[exam].parts
    return mark(parts[part], {part: row["answer"], **row.get("others", {})}, parts)


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_a_settled_mark_is_the_one_of_the_sheet(path: Path) -> None:
    wrong = [
        (row["answer"], f"sheet {row['points']}, settled {float(found.points):g}")
        for exam, part, row in rows("fit")
        if (exam, part) == (path.parent.name, path.stem)
        and not (found := given(exam, part, row)).review
        and found.points != Fraction(str(row["points"]))
    ]

    assert not wrong


def test_settled_marks_of_answers_never_looked_at_are_right() -> None:
    marked = [(given(*row), Fraction(str(row[2]["points"]))) for row in rows("kept")]
    settled = [found.points == points for found, points in marked if not found.review]

    assert len(settled) >= LEAST_SETTLED * len(marked)
    assert sum(settled) >= LEAST_RIGHT * len(settled)
