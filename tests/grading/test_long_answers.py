"""Answers of any make are read in time: no pattern takes much longer than the text is long."""

from pathlib import Path
from time import process_time

import pytest

from app.exams.loader import load_exam
from app.grading import mark

EXAM = load_exam(Path("exams/idl-endterm-ws2021.yaml"))
MOST_SECONDS = 5.0  # of one core, on any machine; patterns that look again and again took minutes

ANSWERS = {
    "quotes of code in a number box": ("7c", {"count": "a" + "`" * 20_000 + "b`"}),
    "quotes of code in a formula": ("6a", {"derivative": "a" + "`" * 20_000 + "b`"}),
    "blank lines behind a no": ("2b", {"text": "No." + "\n" * 5_000 + "x"}),
    "spaces in a formula": ("6a", {"derivative": "x" + " " * 20_000 + "y"}),
    "one question after the other": ("2b", {"text": "? or " * 4_000}),
    "labels": ("7f", {"text": "a) yes " * 3_000}),
    "arrows of programs": ("4d", {"velocity": "v[k+1] <- " * 2_000, "parameters": "L[θ" * 5_000}),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_long_answer_is_marked_in_time(kind: str) -> None:
    part, answer = ANSWERS[kind]
    began = process_time()

    mark(EXAM.parts[part], {part: answer}, EXAM.parts)

    assert process_time() - began < MOST_SECONDS
