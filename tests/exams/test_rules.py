"""The rules of solution sheets, each written as an exam author would, with a table of answers and their credits."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.exams.loader import read_exam

RULES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "rules.yaml").read_text(encoding="utf-8")
)


def exam_text(rule: dict[str, Any]) -> str:
    """An exam of one part that is marked by the rule."""
    part = {
        "id": "1a",
        "points": rule["points"],
        "prompt": rule["rule"],
        "fields": rule["fields"],
        "solution": "See the marking.",
        "model_answer": rule["rows"][0]["answer"],
        "marking": rule["marking"],
    }
    problem = {"id": "1", "title": rule["rule"], "points": rule["points"], "parts": [part]}
    cover = {"format": 1, "exam": "rules", "title": "Rules", "minutes": 10, "points": rule["points"]}
    return yaml.safe_dump({**cover, "problems": [problem]}, allow_unicode=True, sort_keys=False)


ROWS = [
    pytest.param(rule, row, id=f"{rule['rule'].split()[0]} {row['why']}")
    for rule in RULES
    for row in rule["rows"]
]


@pytest.mark.parametrize(("rule", "row"), ROWS)
def test_a_rule_gives_the_credits_of_its_table(rule: dict[str, Any], row: dict[str, Any]) -> None:
    given = read_exam(exam_text(rule)).mark({"1a": row["answer"]})["1a"]

    assert given.points == Fraction(str(row["points"]))
    assert given.low == Fraction(str(row.get("low", row["points"])))
    assert given.high == Fraction(str(row.get("high", row["points"])))


def test_every_rule_has_its_table() -> None:
    assert [rule["rule"].split()[0] for rule in RULES] == [f"R{number}" for number in range(1, 25)]
    assert all(len(rule["rows"]) >= 3 for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"].split()[0])
def test_the_first_answer_of_a_table_gets_everything(rule: dict[str, Any]) -> None:
    assert rule["rows"][0]["points"] == rule["points"]
