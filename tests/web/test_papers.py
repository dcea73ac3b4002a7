"""The attempt page out of pieces is the page of the template, byte for byte."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from app.exams.loader import Exam, load_exam
from app.store.saved import SavedAnswer
from app.web.papers import OwnWork, Papers
from app.web.static import Static
from app.web.templating import ROOT, make_environment
from tests.factories import NOW, after
from tests.full_page import FullPages

EMPTY = OwnWork("public", "account-mark", NOW, after(minutes=90), "token-of-the-form", {})
STRANGE = ("\"<&>'", "\u2028 \0 \x7f", "{{ public_id }}", "½ – ≠ 🙂", "</textarea><script>", "$x$ and $$y$$")


@pytest.fixture(scope="module")
def exam() -> Exam:
    return load_exam(ROOT / "exams" / "idl-endterm-ws2021.yaml")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder: Path = tmp_path_factory.mktemp("static")
    (folder / "css").mkdir()
    return make_environment("Europe/Berlin", Static(folder))


@pytest.fixture(scope="module")
def cut(environment: Environment) -> Papers:
    return Papers(environment)


@pytest.fixture(scope="module")
def full(environment: Environment) -> Papers:
    return FullPages(environment)


def holding(answers: Mapping[str, Any], *flagged: str) -> OwnWork:
    """A page with these answers by part, saved a second apart."""
    saved = {
        part: SavedAnswer(
            part, json.dumps(answer), 7 + place, not answer, part in flagged, after(seconds=place)
        )
        for place, (part, answer) in enumerate(answers.items())
    }
    return replace(EMPTY, answers=saved)


def is_same(cut: Papers, full: Papers, exam: Exam, own: OwnWork) -> bool:
    return cut.page(exam, 1, own) == full.page(exam, 1, own)


def test_of_an_attempt_that_has_just_begun(cut: Papers, full: Papers, exam: Exam) -> None:
    assert is_same(cut, full, exam, EMPTY)


def test_of_full_answers_some_of_them_flagged(cut: Papers, full: Papers, exam: Exam) -> None:
    models = {part.id: part.model_answer for part in exam.document.parts}

    assert is_same(cut, full, exam, holding(models, "1a", "4d", "9b"))


def test_of_every_answer_that_the_exam_file_knows(cut: Papers, full: Papers, exam: Exam) -> None:
    for number in range(max(len(part.samples) for part in exam.document.parts)):
        answers = {
            part.id: part.samples[number % len(part.samples)].answer
            for part in exam.document.parts
            if part.samples
        }

        assert is_same(cut, full, exam, holding(answers))


@pytest.mark.parametrize("text", STRANGE)
def test_of_what_only_looks_like_something_else(cut: Papers, full: Papers, exam: Exam, text: str) -> None:
    strange = {part.id: dict.fromkeys(part.fields, text) for part in exam.document.parts}

    assert is_same(cut, full, exam, holding(strange))


def test_of_parts_that_were_emptied_or_only_flagged(cut: Papers, full: Papers, exam: Exam) -> None:
    assert is_same(cut, full, exam, holding({"1a": {}, "2a": {"text": ""}, "3e": {}}, "2a", "3e"))


def test_of_an_attempt_whose_time_is_over_after_a_save_by_button(
    cut: Papers, full: Papers, exam: Exam
) -> None:
    late = replace(
        holding({"2a": {"text": "in time"}}), now=EMPTY.deadline + timedelta(seconds=3), saved=True
    )

    assert is_same(cut, full, exam, late)


def test_one_students_values_do_not_stay_for_the_next(cut: Papers, full: Papers, exam: Exam) -> None:
    mine = replace(holding({"2a": {"text": "my own words"}}, "2a"), public_id="mine", form_token="my-token")
    first = cut.page(exam, 1, mine)
    next_one = cut.page(exam, 1, EMPTY)

    assert b"my own words" in first
    assert b"my-token" in first
    assert not any(own in next_one for own in (b"my own words", b"my-token", b"/attempts/mine"))


def test_a_page_is_remembered_once_all_of_its_parts_were_rendered(
    environment: Environment, exam: Exam
) -> None:
    papers = Papers(environment)
    own = holding({"2a": {"text": "never seen before"}, "no-part": {"text": "of another version"}}, "2a")
    unflagged = holding({"2a": {"text": "never seen before"}})
    before = papers.remembered_page(1, own)
    page = papers.page(exam, 1, own)

    assert before is None
    assert papers.remembered_page(1, own) == page
    assert papers.remembered_page(1, unflagged) is None
    assert papers.remembered_page(2, own) is None
    assert papers.remembered_page(1, EMPTY) == papers.page(exam, 1, EMPTY)


def test_versions_have_pages_of_their_own(cut: Papers, exam: Exam) -> None:
    assert b"/figures/1/" in cut.page(exam, 1, EMPTY)
    assert b"/figures/2/" in cut.page(exam, 2, EMPTY)
