"""Closing many attempts at a time, and marks that are remembered."""

from datetime import timedelta

import pytest

from app.services import attempts, marks
from app.services.closing import Close, Closing, Closings, HandIn, HandIns
from app.services.library import Exams
from app.services.memory import Memory
from app.services.saves import Saves
from app.services.tokens import hash_of
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt, Mark, User
from tests.factories import after, published, save, started, token, user


@pytest.fixture
def exams() -> Exams:
    return Exams()


@pytest.fixture(autouse=True)
def exam(store: Store) -> None:
    published(store)


def sitting(store: Store, count: str = "120") -> Attempt:
    """An open attempt in which part 1b is answered."""
    student = user(store)
    attempt = started(store, student)
    store.writer.run_all(Saves(store), [save(attempt, token(store, student), f'{{"count":"{count}"}}')])
    return attempt


def close(store: Store, exams: Exams, *closes: Close) -> list[Closing]:
    return store.write(lambda db: Closings(store, exams)(db.connection(), closes))


def handed_in(attempt: Attempt) -> Close:
    return Close(attempt.id, after(minutes=5), "student")


def _student(store: Store, attempt: Attempt) -> User:
    with store.read() as db:
        return db.get_one(User, attempt.user_id)


def read(store: Store, attempt: Attempt) -> tuple[Attempt, dict[str, Mark]]:
    with store.read() as db:
        return db.get_one(Attempt, attempt.id), queries.marks_of(db, attempt.id)


def test_each_attempt_of_a_group_gets_its_own_answers_and_receipt(store: Store, exams: Exams) -> None:
    right, wrong = sitting(store), sitting(store, "7")
    close(store, exams, handed_in(right), handed_in(wrong))
    marks.grade_all(store, exams, [right.id, wrong.id], after(minutes=6))

    (good, _), (bad, _) = read(store, right), read(store, wrong)
    assert (good.points, bad.points) == (2, 0)
    assert good.receipt != bad.receipt


def test_an_attempt_that_is_handed_in_twice_at_once_is_closed_once(store: Store, exams: Exams) -> None:
    attempt = sitting(store)
    later = Close(attempt.id, after(minutes=50), "student")

    assert close(store, exams, handed_in(attempt), later) == [Closing("submitted")] * 2
    assert read(store, attempt)[0].submitted_at == after(minutes=5)


def test_what_was_marked_before_is_marked_while_closing_and_in_the_same_way(
    store: Store, exams: Exams
) -> None:
    first, second = sitting(store), sitting(store)
    attempts.hand_in(store, exams, first.user_id, first.public_id, after(minutes=4))

    assert close(store, exams, handed_in(second)) == [Closing("graded")]
    (one, its_marks), (other, same_marks) = read(store, first), read(store, second)
    assert (one.points, one.low, one.high) == (other.points, other.low, other.high)
    assert {part: mark.detail for part, mark in its_marks.items()} == {
        part: mark.detail for part, mark in same_marks.items()
    }


def test_browsers_hand_in_their_own_open_attempts_and_no_others(store: Store, exams: Exams) -> None:
    mine, other, over = sitting(store), sitting(store), sitting(store)
    attempts.hand_in(store, exams, over.user_id, over.public_id, after(minutes=4))
    sessions = {one.id: token(store, _student(store, one)) for one in (mine, over)}
    ended = token(store, _student(store, other), after(minutes=-60 * 25))
    asked = [
        HandIn(other.public_id, hash_of(sessions[mine.id]), after(minutes=5)),
        HandIn(mine.public_id, hash_of(sessions[mine.id]), after(minutes=5)),
        HandIn(over.public_id, hash_of(sessions[over.id]), after(minutes=5)),
        HandIn(other.public_id, hash_of(ended), after(minutes=5)),
        HandIn(mine.public_id, hash_of(sessions[mine.id]), after(minutes=6)),
    ]

    replies = store.writer.run_all(HandIns(store, exams), asked)

    assert [one.state for one in replies] == [None, "graded", None, None, "graded"]
    assert [one.attempt_id for one in replies] == [0, mine.id, 0, 0, mine.id]
    assert (read(store, mine)[0].submitted_at, read(store, other)[0].state) == (after(minutes=5), "open")


def test_a_group_of_which_only_some_were_marked_before(store: Store, exams: Exams) -> None:
    first, same, new, blank = sitting(store), sitting(store), sitting(store, "7"), started(store, user(store))
    attempts.hand_in(store, exams, first.user_id, first.public_id, after(minutes=4))

    states = [one.state for one in close(store, exams, handed_in(same), handed_in(new), handed_in(blank))]
    marks.grade_all(store, exams, [same.id, new.id, blank.id], after(minutes=6))

    assert states == ["graded", "submitted", "submitted"]
    assert [read(store, one)[0].points for one in (same, new, blank)] == [2, 0, 0]
    assert [len(read(store, one)[1]) for one in (same, new, blank)] == [2, 2, 2]


def test_another_answer_is_not_taken_for_one_that_was_marked(store: Store, exams: Exams) -> None:
    first, second = sitting(store), sitting(store, "119")
    attempts.hand_in(store, exams, first.user_id, first.public_id, after(minutes=4))

    assert close(store, exams, handed_in(second)) == [Closing("submitted")]


def test_missing_saves_and_time_that_is_left_keep_it_open(store: Store, exams: Exams) -> None:
    attempt = sitting(store)
    missing = handed_in(attempt)._replace(believed={"1b": 1, "1a": 3})
    early = Close(attempt.id, after(minutes=90), "deadline", wait=timedelta(seconds=10))

    assert close(store, exams, missing, early) == [
        Closing("open", missing=("1a",)),
        Closing("open", early=True),
    ]
    assert read(store, attempt)[0].state == "open"


def test_a_save_after_closing_in_the_same_group_comes_too_late(store: Store, exams: Exams) -> None:
    student = user(store)
    attempt, session = started(store, student), token(store, student)
    saves = Saves(store)
    store.writer.run_all(saves, [save(attempt, session)])  # now the attempt is remembered as open
    store.writer.run_all(Closings(store, exams), [handed_in(attempt)])
    (reply,) = store.writer.run_all(saves, [save(attempt, session, counter=2, at=after(minutes=6))])

    assert reply.outcome.value == "closed"


def test_a_mark_that_a_fault_made_is_not_remembered(
    store: Store, exams: Exams, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sitting(store), sitting(store)
    with monkeypatch.context() as broken:
        broken.setattr(marks, "mark", lambda *_: 1 / 0)
        attempts.hand_in(store, exams, first.user_id, first.public_id, after(minutes=4))
    done = attempts.hand_in(store, exams, second.user_id, second.public_id, after(minutes=5))

    assert read(store, first)[1]["1b"].review
    assert (done.points, done.low) == (2, 2)


def test_memory_forgets_what_was_not_used_for_longest() -> None:
    memory: Memory[str] = Memory(6, len)
    for key in ("one", "two"):
        memory.keep(key, key)
    memory.get("one")
    memory.keep("six", "six")

    assert (memory.get("one"), memory.get("two"), memory.get("six")) == ("one", None, "six")
    assert memory.get_all(["one", "six"]) == ["one", "six"]
    assert memory.get_all(["one", "two"]) is None
