"""The commands for rubric authors, run as an author runs them."""

import json
from pathlib import Path

from tests.test_cli import endterm

EXAM = """
format: 1
exam: saddles
title: Saddles
minutes: 10
points: 1
problems:
  - id: "1"
    title: Saddle points
    points: 1
    parts:
      - id: 1a
        points: 1
        prompt: What is a saddle point?
        fields: {text: {kind: text}}
        solution: The gradient is zero and it is no extremum.
        model_answer: {text: "The gradient is zero, but it is no extremum."}
        marking:
          - {id: zero, points: 0.5, for: The gradient is zero., check: {says: [gradient zero]}}
          - {id: neither, points: 0.5, for: No extremum., check: {says: [not extremum]}}
"""


def written(folder: Path, text: str = EXAM) -> str:
    file = folder / "saddles.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def marked_line(name: str, text: str, mark: object) -> str:
    return json.dumps({"id": name, "answers": {"1a": {"text": text}}, "marks": {"1a": mark}}) + "\n"


def test_agree_counts_what_was_missed_and_wrongly_given(tmp_path: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    marked.write_text(
        marked_line("s1", "The gradient is zero, no extremum.", 1)
        + marked_line("s2", "flat there", {"final": 0.5, "verdicts": {"zero": "met", "neither": "not met"}})
        + marked_line("s3", "The gradient is zero.", 0),
        encoding="utf-8",
    )

    done = endterm("agree", written(tmp_path), str(marked), "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["parts"]["1a"] == {
        "answers": 3,
        "exact": 1,
        "settled": 3,
        "settled_right": 1,
        "covered": 1,
        "missed": 0.5,
        "given": 0.5,
    }
    assert found["criteria"]["1a.zero"] == {"answers": 1, "agrees": 0, "missed": 1, "given": 0, "unsure": 0}


def test_agree_shows_the_answers_behind_the_differences(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "1a.yaml").write_text(
        "kept:\n  - {answer: {text: flat there}, points: 0.5}\n", encoding="utf-8"
    )

    done = endterm("agree", written(tmp_path), str(answers))

    assert done.returncode == 0, done.stderr
    assert "kept 1 1a: 0.5 by the person, 0 by the engine (settled)" in done.stdout
    assert "text: flat there" in done.stdout
    assert "zero: This is not said." in done.stdout


def test_marked_answers_that_cannot_be_used_are_named_by_their_line(tmp_path: Path) -> None:
    exam, marked = written(tmp_path), tmp_path / "marked.jsonl"
    for line, reason in (
        (marked_line("s1", "x", 0.3), "0.3 is not a mark in half credits"),
        (marked_line("s1", "x", {"final": 1, "verdicts": {"none": "met"}}), "1a has no criterion none"),
        ('{"id": 1}', "is expected"),
        ("nonsense", "not JSON"),
    ):
        marked.write_text(line, encoding="utf-8")

        done = endterm("agree", exam, str(marked))

        assert done.returncode == 2
        assert reason in done.stderr
        assert "Traceback" not in done.stderr


def test_one_bad_line_of_marked_answers_is_told_and_the_others_are_counted(tmp_path: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    good = marked_line("s1", "The gradient is zero, no extremum.", 1)
    bad = {
        "nonsense\n": "marked.jsonl:2: not JSON",
        marked_line("s2", "x", 99): "s2: 1a has 0 to 1 credits, not 99",
        marked_line("s3", "x", -3): "s3: 1a has 0 to 1 credits, not -3",
        '{"id": "s4", "answers": {"1a": {"text": "x"}}, "marks": {"1a": NaN}}\n': "5: not JSON: NaN is no number",
        '{"id": "s8", "answers": {}, "marks": {"1a": 1e400}}\n': "6: 1a: inf is not a mark",
        '{"id": "s5", "answers": [], "marks": {"1a": 1}}\n': "7: {",
        '{"id": "s6", "answers": {"1a": "x"}, "marks": {"1a": 1}}\n': "s6: 1a: an answer is a value for each field",
        marked_line("s7", "x", {"final": 1, "verdicts": {"zero": "perhaps"}}): "s7: 1a: verdicts are",
    }
    marked.write_text("\ufeff" + good + "".join(bad) + good, encoding="utf-8")

    done = endterm("agree", written(tmp_path), str(marked), "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["whole"]["exact"] == 2
    assert len(done.stderr.splitlines()) == len(bad)
    for reason in bad.values():
        assert reason in done.stderr


def test_a_file_of_marked_answers_that_is_not_utf8_is_told_and_the_others_are_counted(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "1b.yaml").write_bytes(b"kept:\n  - {answer: {text: f\xfcr}, points: 0.5}\n")
    (answers / "1a.yaml").write_text("kept:\n  - {answer: {text: flat}, points: 0.5}\n", encoding="utf-8")

    done = endterm("agree", written(tmp_path), str(answers), "--json")

    assert json.loads(done.stdout)["whole"]["answers"] == 1
    assert "1b.yaml:2:22: not UTF-8 text" in done.stderr
    assert done.returncode == 1


def test_half_characters_are_shown_and_marked(tmp_path: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    marked.write_text(marked_line("\ud800", "flat \ud800", 1), encoding="utf-8")
    exam = written(tmp_path)

    agreed = endterm("agree", exam, str(marked))
    tried = endterm("try", exam, "1a", given='{"text": "flat \\ud800"}\n{"text": "gradient zero"}\n')

    assert agreed.returncode == 0, agreed.stderr
    assert "text: flat \\ud800" in agreed.stdout
    assert tried.returncode == 0, tried.stderr
    assert "0.5 of 1\n  text: gradient zero" in tried.stdout


def test_try_marks_each_line_with_its_criteria(tmp_path: Path) -> None:
    done = endterm(
        "try",
        written(tmp_path),
        "1a",
        given='The gradient is zero.\n{"text": "no extremum, gradient zero"}\n',
    )

    assert done.returncode == 0, done.stderr
    assert "0.5 of 1\n  text: The gradient is zero." in done.stdout
    assert "1 of 1\n  text: no extremum, gradient zero" in done.stdout
    assert "neither: This is not said." in done.stdout


def test_try_names_the_parts_that_there_are(tmp_path: Path) -> None:
    done = endterm("try", written(tmp_path), "2b", given="")

    assert done.returncode == 2
    assert "there is no part '2b'; known: 1a" in done.stderr
