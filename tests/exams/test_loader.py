"""Faulty exam files: every fault is named where it was made, with what would be right."""

import json
import re
from pathlib import Path as FilePath
from typing import Any

import pytest
import yaml

from app.exams.loader import ExamFaults, load_exam, read_exam
from app.exams.yaml_reader import Path, read_yaml

CASES = yaml.safe_load((FilePath(__file__).parent / "cases" / "faulty.yaml").read_text(encoding="utf-8"))

GOOD = """\
format: 1
exam: tiny
title: Tiny
minutes: 10
points: 1
problems:
  - id: "1"
    title: Only one
    points: 1
    parts:
      - id: 1a
        points: 1
        prompt: What is two and two?
        fields: {sum: {kind: number}}
        solution: It is 4.
        model_answer: {sum: "4"}
        marking: [{id: four, points: 1, for: It is four., check: {number: 4}}]
"""


def test_a_good_exam_has_no_faults() -> None:
    exam = read_exam(GOOD)

    assert exam.mark({"1a": {"sum": "2+2"}})["1a"].points == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_a_fault_is_named_at_its_place(case: dict[str, str]) -> None:
    assert case["replace"] in GOOD
    text = GOOD.replace(case["replace"], case["by"], 1)

    with pytest.raises(ExamFaults) as raised:
        read_exam(text, "tiny.yaml")

    assert case["fault"] in str(raised.value)


def test_several_faults_are_told_at_once() -> None:
    text = GOOD.replace("title: Tiny", "titel: Tiny").replace("minutes: 10", "minutes: soon")

    with pytest.raises(ExamFaults) as raised:
        read_exam(text)

    assert len(raised.value.faults) == 3  # an unknown key, a missing one, and no number of minutes


def test_a_deeply_nested_file_is_refused_and_does_not_crash() -> None:
    with pytest.raises(ExamFaults):
        read_exam("[" * 200_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- 1\n", "tiny.yaml:1:1: the file: a mapping of keys to values is needed"),
        (GOOD.replace("Tiny", "Ti\x00ny"), "tiny.yaml:3:10: the character U+0000 is not allowed here"),
        (
            GOOD[: GOOD.index("problems:")] + "problems: []",
            "tiny.yaml:6:11: problems: a list of 1 or more is needed; this one has 0",
        ),
    ],
)
def test_faults_are_told_in_the_words_of_an_author(text: str, told: str) -> None:
    with pytest.raises(ExamFaults) as raised:
        read_exam(text, "tiny.yaml")

    assert told in str(raised.value)


def test_whatever_stands_at_a_place_is_a_fault_in_plain_words_or_right() -> None:
    whole, told = read_yaml(GOOD), ""
    for path in whole.places:
        for wrong in (3, "x", [], {}, None, [3], {"x": 3}):
            try:
                read_exam(json.dumps(_with(whole.value, path, wrong)))
            except ExamFaults as faults:
                told += f"{faults}\n"

    assert told
    assert not re.search(r"input should|should have|instance|dictionary|tuple|NoneType", told, re.IGNORECASE)


def _with(value: Any, path: Path, wrong: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return wrong
    copy = value.copy()
    copy[path[0]] = _with(value[path[0]], path[1:], wrong)
    return copy


def test_files_of_windows_are_read_and_other_encodings_refused_at_their_place(tmp_path: FilePath) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_exam(file).text == GOOD

    file.write_bytes(GOOD.replace("Tiny", "Für uns").encode("latin-1"))
    with pytest.raises(ExamFaults, match=":3:9: not UTF-8 text"):
        load_exam(file)


def test_a_list_is_not_called_too_short_for_a_fault_inside_it() -> None:
    text = GOOD.replace("for: It is four.", "for: a")

    with pytest.raises(ExamFaults) as raised:
        read_exam(text)

    (fault,) = raised.value.faults
    assert "marking.0.for" in fault.message
