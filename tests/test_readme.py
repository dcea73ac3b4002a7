"""What the README shows works as it stands there."""

import json
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from app.exams.answer_files import mark_lines
from app.exams.check import prove_exam
from app.exams.comparisons import compare
from app.exams.kinds import AnyField
from app.exams.loader import load_exam
from app.exams.yaml_reader import read_yaml
from app.grading.fields import FIELDS, read_part
from app.grading.types import Value
from tests.test_cli import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\{kind: .*?\})` \| `(.*?)`", README, re.MULTILINE)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("field", "value"), ROWS, ids=lambda text: text[:40])
def test_each_field_takes_its_value(field: str, value: str) -> None:
    spec = TypeAdapter(AnyField).validate_python(read_yaml(field).value)

    reading = read_part({"it": spec}, {"it": json.loads(value)})["it"]

    assert isinstance(reading, Value), reading


def test_every_field_kind_has_a_row() -> None:
    assert {read_yaml(field).value["kind"] for field, _ in ROWS} == set(FIELDS)


def test_the_exam_proves_itself_and_the_answers_to_it_get_everything(tmp_path: Path) -> None:
    (exam,) = blocks("yaml")
    answers, _ = blocks("json")
    file = tmp_path / "tiny.yaml"
    file.write_text(exam, encoding="utf-8")

    assert prove_exam(load_exam(file), file).samples == 2
    (marked,) = mark_lines(file, answers.splitlines())
    assert (marked.line["points"], marked.complaints) == (2.0, ())


def test_each_case_is_compared() -> None:
    _, cases = blocks("json")

    found = [compare(line, number) for number, line in enumerate(cases.splitlines(), 1)]

    assert [one.get("verdict") or one.get("value") for one in found] == ["equal", "34944", "met"]
