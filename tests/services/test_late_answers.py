"""Late answers on both databases: taken in from a file, accepted part by part, put back, and never merged silently."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.services import attempts, late_answers, late_saves, receipts
from app.services.late_answers import TakenIn
from app.services.library import Exams
from app.services.saves import Saves
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt
from tests.factories import after, published, save, started, token, user


class Case:
    """A student who saved 1b and handed in, a TA, and what came late."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.exams = Exams()
        published(store)
        self.student = user(store)
        self.ta = user(store, "ta")
        self.attempt: Attempt = started(store, self.student)
        self.session = token(store, self.student)
        self.send('{"count":"60"}', counter=1)

    def send(self, answer: str, **how: Any) -> None:
        self.store.writer.run_all(Saves(self.store), [save(self.attempt, self.session, answer, **how)])

    def hand_in(self) -> Attempt:
        at = after(minutes=30)
        return attempts.hand_in(self.store, self.exams, self.student.id, self.attempt.public_id, at)

    def late(self) -> list[int]:
        with self.store.read() as db:
            return [one.id for one in queries.late_saves_of(db, self.attempt.id)]

    def accept(self, late: int, minutes: int = 100) -> Attempt:
        place = (self.store, self.exams, self.attempt.public_id)
        return late_answers.accept(*place, late, self.ta.id, after(minutes=minutes))

    def put_back(self, part: str) -> Attempt:
        place = (self.store, self.exams, self.attempt.public_id)
        return late_answers.put_back(*place, part, self.ta.id, after(minutes=120))

    def take_in(self, answers: Any, **more: Any) -> TakenIn:
        file = {"id": self.attempt.public_id, "answers": answers, **more}
        return late_answers.take_in(self.store, self.ta.id, json.dumps(file).encode(), after(minutes=95))

    def stored(self) -> dict[str, Any]:
        with self.store.read() as db:
            found = queries.answers_of(db, self.attempt.id)
        return {one.part: json.loads(one.answer) for one in found}

    def record(self) -> list[tuple[str, int | None, str | None, int]]:
        with self.store.read() as db:
            found = queries.acceptances_of(db, self.attempt.id)
            return [(one.part, one.late_save_id, one.replaced, one.user.id) for one in found]

    def receipt(self, db: Session) -> str:
        found = queries.attempt(db, self.attempt.public_id)
        assert found
        return receipts.receipt_of(db, found).as_text()


@pytest.fixture
def case(store: Store) -> Case:
    return Case(store)


def test_an_accepted_late_answer_counts_and_is_on_record(case: Case) -> None:
    assert case.hand_in().points == 0
    case.send('{"count":"120"}', counter=2, at=after(minutes=31))
    (late,) = case.late()

    marked = case.accept(late)

    assert (marked.state, marked.points, marked.graded_at) == ("graded", 2, after(minutes=100))
    assert case.stored() == {"1b": {"count": "120"}}
    assert case.record() == [("1b", late, '{"count":"60"}', case.ta.id)]


def test_a_late_answer_to_a_part_that_was_left_empty_can_be_accepted_and_taken_away(case: Case) -> None:
    case.hand_in()
    case.send('{"choice":[2]}', part="1a", counter=2, at=after(minutes=31))
    (late,) = case.late()

    assert case.accept(late).points == 1
    assert case.put_back("1a").points == 0
    assert case.stored() == {"1b": {"count": "60"}}
    assert [one[:3] for one in case.record()] == [("1a", late, None), ("1a", None, '{"choice":[2]}')]


def test_what_was_handed_in_comes_back_whatever_was_accepted_in_between(case: Case) -> None:
    case.hand_in()
    case.send('{"count":"120"}', counter=2, at=after(minutes=31))
    case.send('{"count":"7"}', counter=3, at=after(minutes=32))
    first, second = case.late()

    assert [case.accept(first).points, case.accept(second).points] == [2, 0]
    case.put_back("1b")

    assert case.stored() == {"1b": {"count": "60"}}
    with pytest.raises(Conflict, match="counts already"):
        case.put_back("1b")


def test_nothing_late_counts_while_the_attempt_runs(case: Case) -> None:
    case.take_in({"1b": {"count": "120"}})
    (late,) = case.late()

    with pytest.raises(Conflict, match="still running"):
        case.accept(late)
    assert attempts.saved_answers(case.store, case.attempt)["1b"].answer == '{"count":"60"}'


def test_the_same_answer_is_not_accepted_twice(case: Case) -> None:
    case.hand_in()
    case.send('{"count":"120"}', counter=2, at=after(minutes=31))
    (late,) = case.late()
    case.accept(late)

    with pytest.raises(Conflict, match="counts already"):
        case.accept(late)
    assert len(case.record()) == 1


def test_a_late_answer_of_another_attempt_is_not_there(case: Case) -> None:
    case.hand_in()
    case.send('{"count":"120"}', counter=2, at=after(minutes=31))
    (late,) = case.late()
    case.attempt = started(case.store, user(case.store))
    case.store.write(
        lambda db: attempts.close(db, case.store.saved, case.attempt.id, after(minutes=31), "student")
    )

    with pytest.raises(NotFound):
        case.accept(late)


def test_a_receipt_stays_true_when_late_answers_count(case: Case) -> None:
    case.hand_in()
    case.send('{"count":"120"}', counter=2, at=after(minutes=31))
    case.send('{"choice":[2]}', part="1a", counter=2, at=after(minutes=31))
    with case.store.read() as db:
        text = case.receipt(db)
    for late in case.late():
        case.accept(late)

    with case.store.read() as db:
        assert case.receipt(db) == text
        found = receipts.verify(db, text)
    assert found.agrees
    assert found.sentence.endswith("1 answers, unchanged since; late answers were accepted for 1a, 1b.")


def test_a_file_is_put_beside_what_is_stored_and_changes_nothing(case: Case) -> None:
    case.hand_in()

    taken = case.take_in({"1a": {"choice": [2]}, "1b": {"count": "60"}, "9z": {"x": "y"}, "1c": "text"})
    again = case.take_in({"1a": {"choice": [2]}, "1b": {"count": "60"}, "9z": {"x": "y"}, "1c": "text"})

    assert taken == again == TakenIn(case.attempt.public_id, ("1a",), ("1b",), ("9z", "1c"))
    assert case.stored() == {"1b": {"count": "60"}}
    with case.store.read() as db:
        kept = [(one.part, one.answer, one.uploaded_by) for one in queries.late_saves_of(db, case.attempt.id)]
    assert kept == [("1a", '{"choice":[2]}', case.ta.id)]


def test_an_empty_part_of_a_file_replaces_nothing(case: Case) -> None:
    assert case.take_in({"1a": {}, "1b": {"count": " "}}).same == ("1a", "1b")
    assert case.late() == []


def test_a_file_is_bounded_like_late_saves(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_saves, "MOST_SAVES", 1)

    taken = case.take_in({"1a": {"choice": [2]}, "1b": {"count": "120"}})

    assert (taken.kept, taken.refused) == (("1a",), ("1b",))


@pytest.mark.parametrize("counters", [{"1b": 7}, {"1b": -1}, {"1b": True}, {"1b": 2**80}, [], "x", None])
def test_odd_counters_in_a_file_do_no_harm(case: Case, counters: Any) -> None:
    assert case.take_in({"1b": {"count": "120"}}, counters=counters).kept == ("1b",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"id": "x"}',
        b'{"id": 1, "answers": {}}',
        b'{"id": "", "answers": {}}',
        b'{"id": "a\\u0000", "answers": {}}',
        b'{"id": "x", "answers": {"1b": {"count": "\\ud800"}}}',
        b'{"id": "x", "answers": ' + b"[" * 100_000,
        b" " * (late_answers.LARGEST_FILE + 1),
    ],
)
def test_what_is_no_file_of_answers_is_refused_in_words(case: Case, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="file"):
        late_answers.take_in(case.store, case.ta.id, content, after(minutes=95))


def test_a_file_of_an_attempt_that_is_not_there_is_refused(case: Case) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        case.take_in({}, id="nowhere")
