"""What late answers would get: worked out without a change, and not for ever."""

import json
from fractions import Fraction
from pathlib import Path

from app.exams.loader import load_exam
from app.services.outlooks import Outlook, Outlooks
from app.services.remembered import RememberedMarks
from tests.sample_exam import sample_exam

ENDTERM = Path(__file__).parents[2] / "exams" / "idl-endterm-ws2021.yaml"
STORED = {"1a": '{"choice":[2]}', "1b": '{"count":"60"}'}
NOTHING = Fraction(0)


def outlooks(seconds: float = 10) -> Outlooks:
    return Outlooks(sample_exam(), 1, STORED, RememberedMarks(), seconds)


def test_an_outlook_says_what_the_part_would_get() -> None:
    found = outlooks()

    assert found.of("1b", '{"count":"120"}') == Outlook(Fraction(2), Fraction(2), ())
    assert found.of("1b", STORED["1b"]) == Outlook(NOTHING, NOTHING, ())


def test_no_answer_is_an_answer_too() -> None:
    assert outlooks().of("1a", None) == Outlook(NOTHING, NOTHING, ())


def test_parts_that_are_judged_by_this_one_are_named() -> None:
    """Which losses are high in 3e follows from the split of the data in 3c: here no phone images are trained on."""
    exam = load_exam(ENDTERM)
    answers = {part.id: json.dumps(dict(part.model_answer)) for part in exam.document.parts}
    sources = {"train": "web", "bridge": "phone", "val": "phone", "test": "phone"}
    split = [{"name": name, "source": source, "size": "5000"} for name, source in sources.items()]

    found = Outlooks(exam, 1, answers, RememberedMarks(), 10).of("3c", json.dumps({"split": split}))

    assert found is not None
    assert found.others == ("3e",)


def test_when_the_time_is_used_up_there_is_no_outlook() -> None:
    assert outlooks(seconds=-1).of("1b", '{"count":"120"}') is None
