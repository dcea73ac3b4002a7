"""Checks, written as in an exam file. Cases are rows of answer and verdict."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.grading.checks import CHECKS, RuleError, compile_check
from app.grading.checks.frame import Setting
from app.grading.fields import FIELDS, read_part
from app.grading.types import Check, Outcome, Verdict, View
from tests.grading.anything import ANSWERS, anything
from tests.grading.rows import files_in, rows, written
from tests.grading.strokes import drawn

HERE = Path(__file__).parent
CASES = [row for path in files_in(HERE) if path.name != "refused.yaml" for row in rows(path)]
REFUSED = yaml.safe_load((HERE / "cases" / "refused.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("group", "case"), CASES)
def test_an_answer_is_judged(group: dict[str, Any], case: dict[str, Any]) -> None:
    verdict = judge(group, case.get("answer", {}), case.get("others", {}))

    assert verdict.outcome.value == case["expected"], verdict.sentence
    assert verdict.sentence
    if "likely" in case:
        assert verdict.likely == case["likely"]
    if "says" in case:
        assert case["says"] in verdict.sentence
    if "place" in case:
        assert case["place"] in [{"field": one.field, **one.place} for one in verdict.evidence]


GROUPS = [
    group
    for path in files_in(HERE)
    if path.name != "refused.yaml"
    for group in yaml.safe_load(path.read_text())
]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_answer_of_any_shape_makes_a_check_raise(data: st.DataObject) -> None:
    group = data.draw(st.sampled_from(GROUPS))
    parts = {"1a": group["fields"], **group.get("others", {})}
    answers = {
        part: {name: data.draw(anything | ANSWERS[field["kind"]]) for name, field in fields.items()}
        for part, fields in parts.items()
    }

    verdict = judge(group, answers["1a"], answers)

    assert verdict.outcome in Outcome


def judge(group: dict[str, Any], answer: dict[str, Any], others: dict[str, Any]) -> Verdict:
    fields = {part: specs(keys) for part, keys in {**group.get("others", {}), "1a": group["fields"]}.items()}
    check = compiled(group["check"], Setting("1a", fields["1a"], fields))
    answers: dict[str, Any] = {**others, "1a": answer}
    readings = {part: read_part(own, _with_sketches(answers.get(part, {}))) for part, own in fields.items()}
    return check.judge(View("1a", readings))


def specs(keys: dict[str, Any]) -> dict[str, Any]:
    return {name: written(FIELDS[one["kind"]].spec, one) for name, one in keys.items()}


def compiled(check: dict[str, Any], setting: Setting) -> Check:
    ((name, keys),) = check.items()
    kind = CHECKS[name]
    rule = keys if isinstance(keys, dict) else {(kind.short or "").rstrip("_"): keys}
    return compile_check(name, kind, written(kind.rule, rule), setting)


def _with_sketches(answer: dict[str, Any]) -> dict[str, Any]:
    """Sketches may be written as shorthands."""
    return {
        name: drawn(raw["draw"]) if isinstance(raw, dict) and "draw" in raw else raw
        for name, raw in answer.items()
    }


@pytest.mark.parametrize("row", [pytest.param(row, id=row["why"]) for row in REFUSED])
def test_a_rule_that_cannot_work_is_refused(row: dict[str, Any]) -> None:
    setting = Setting("1a", specs(row["fields"]))

    with pytest.raises(RuleError) as refusal:
        compiled(row["check"], setting)

    assert row["says"] in refusal.value.message
