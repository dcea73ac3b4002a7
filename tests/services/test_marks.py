"""What is stored beside the points, and what happens when marking itself goes wrong."""

from dataclasses import replace
from fractions import Fraction

from app.exams.loader import Exam
from app.grading import GRADER_VERSION
from app.grading.types import Check, Criterion, Part, View
from app.services import attempts, marks
from app.services.library import Exams
from app.services.saves import Saves
from app.store import queries
from app.store.database import Store
from tests.factories import after, published, save, started, token, user
from tests.sample_exam import sample_exam


def test_a_mark_keeps_what_it_was_made_from(store: Store) -> None:
    version = published(store)
    student = user(store)
    attempt = started(store, student)
    request = save(attempt, token(store, student), '{"count":"2*60"}')
    store.writer.run_all(Saves(store), [request])
    attempts.hand_in(store, Exams(), student.id, attempt.public_id, after(minutes=1))

    with store.read() as db:
        mark = queries.marks_of(db, attempt.id)["1b"]
    (criterion,) = mark.detail["criteria"]
    assert (mark.version_id, mark.grader_version) == (version.id, GRADER_VERSION)
    assert (mark.points, mark.max, mark.answered, mark.review) == (2, 2, True, False)
    assert (criterion["id"], criterion["points"], criterion["verdict"]) == ("right", "2", "met")
    assert criterion["evidence"][0]["field"] == "count"
    assert mark.detail["readings"]["count"] == {"state": "value", "echo": "= 120"}


def test_a_part_that_breaks_its_check_is_for_a_person_and_never_a_silent_zero() -> None:
    def broken(_view: View) -> None:
        raise KeyError("a fault in a check")

    exam = _with_check(sample_exam(), "1b", Check("broken", ("count",), broken))  # type: ignore[arg-type]
    found = marks.mark_exam(exam, {"1a": {"choice": [2]}, "1b": {"count": "120"}})

    assert (found["1b"].review, found["1b"].low, found["1b"].high) == (True, 0, 2)
    assert (found["1a"].review, found["1a"].points) == (False, 1)


def test_marking_that_takes_too_long_leaves_the_rest_to_a_person() -> None:
    found = marks.mark_exam(sample_exam(), {"1b": {"count": "120"}}, seconds=-1)

    assert all(one.review and one.high == one.max for one in found.values())


def _with_check(exam: Exam, part_id: str, check: Check) -> Exam:
    part: Part = exam.parts[part_id]
    marking = Criterion("right", Fraction(2), "It is 120.", check)
    return replace(exam, parts={**exam.parts, part_id: replace(part, marking=marking)})
