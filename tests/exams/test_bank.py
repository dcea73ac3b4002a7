"""The engine against two examiners on sixteen whole attempts of the deep learning endterm.

Their rules were written for the solution sheet and then measured here; the floors keep what was reached.
"""

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from app.exams.loader import load_exam
from app.grading.types import PartMark

BANK = Path("tests/exams/bank")
LEAST = {"exact": 0.95, "settled": 0.83, "right if settled": 0.985, "covered": 0.98}
MOST_BIAS = 0.02  # credits a part

Pair = tuple[PartMark, Fraction]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """The engine's mark and the examiners' final one, for every part that they marked."""
    exam = load_exam(Path("exams/idl-endterm-ws2021.yaml"))
    finals = json.loads((BANK / "marks.json").read_text(encoding="utf-8"))
    attempts = map(json.loads, (BANK / "attempts.jsonl").read_text(encoding="utf-8").splitlines())
    found: list[Pair] = []
    for attempt in attempts:
        marks = exam.mark(attempt["answers"])
        found += [(marks[part], Fraction(str(mark["final"]))) for part, mark in finals[attempt["id"]].items()]
    return found


def test_marks_agree_with_the_examiners(pairs: list[Pair]) -> None:
    settled = [(mark, final) for mark, final in pairs if not mark.review]
    shares = {
        "exact": share(mark.points == final for mark, final in pairs),
        "settled": len(settled) / len(pairs),
        "right if settled": share(mark.points == final for mark, final in settled),
        "covered": share(mark.low <= final <= mark.high for mark, final in pairs),
    }

    assert len(pairs) == 827
    assert {name: value for name, value in shares.items() if value < LEAST[name]} == {}


def test_marks_are_neither_generous_nor_strict(pairs: list[Pair]) -> None:
    bias = sum((mark.points - final for mark, final in pairs), Fraction(0)) / len(pairs)

    assert abs(bias) <= MOST_BIAS


def share(of: Iterable[bool]) -> float:
    """The share of what holds."""
    held = list(of)
    return sum(held) / len(held)
