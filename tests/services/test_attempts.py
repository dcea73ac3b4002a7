"""The life of an attempt on both databases: start, extra time, handing in."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy.orm import Session

from app.errors import AnswersMissing, AttemptClosed, Conflict, InvalidInput, NotFound
from app.exams.loader import read_exam
from app.services import attempts, library, receipts
from app.services.library import Exams
from app.services.saves import Saves
from app.store import queries
from app.store.database import Store
from app.store.models import Answer, Attempt, User
from tests.factories import NOW, after, published, save, started, token, user
from tests.sample_exam import TEXT


@pytest.fixture
def student(store: Store) -> User:
    published(store)
    return user(store)


def put(store: Store, student: User, attempt: Attempt, **answers: dict[str, object]) -> None:
    session = token(store, student)
    requests = [
        save(attempt, session, json.dumps(value), part=part.removeprefix("p"))
        for part, value in answers.items()
    ]
    store.writer.run_all(Saves(store), requests)


def hand_in(store: Store, student: User, attempt: Attempt, **how: object) -> Attempt:
    now = how.pop("now", after(minutes=30))
    return attempts.hand_in(store, Exams(), student.id, attempt.public_id, now, **how)  # type: ignore[arg-type]


def test_a_start_sets_the_deadline_by_the_servers_clock(store: Store, student: User) -> None:
    attempt = started(store, student)

    assert (attempt.state, attempt.started_at, attempt.deadline) == ("open", NOW, after(minutes=90))


def test_pressing_start_twice_gives_the_same_attempt(store: Store, student: User) -> None:
    assert started(store, student).public_id == started(store, student, after(minutes=5)).public_id


def test_an_exam_can_be_sat_as_often_as_one_likes(store: Store, student: User) -> None:
    first = started(store, student)
    hand_in(store, student, first)
    second = started(store, student, after(minutes=40))

    with store.read() as db:
        found = [one.public_id for one in queries.attempts_of(db, student.id)]
    assert found == [second.public_id, first.public_id]


def test_a_running_attempt_keeps_its_version_when_a_new_one_is_published(store: Store, student: User) -> None:
    before = started(store, student)
    newer = published(store, title="A better exam")

    assert started(store, student).version_id == before.version_id
    assert started(store, user(store)).version_id == newer.id


def test_an_exam_that_does_not_exist_cannot_be_started(store: Store, student: User) -> None:
    with pytest.raises(NotFound):
        store.write(lambda db: attempts.start(db, student.id, "nothing", NOW))


def test_public_ids_cannot_be_guessed(store: Store, student: User) -> None:
    ids = {started(store, user(store)).public_id for _ in range(20)}

    assert len(ids) == 20
    assert min(map(len, ids)) >= 22


def test_extra_time_moves_the_deadline_and_is_on_record(store: Store, student: User) -> None:
    attempt = started(store, student)
    for minutes in (10, 5):
        extended = store.write(
            lambda db, more=minutes: attempts.extend(db, attempt.public_id, more, after(minutes=1))  # type: ignore[misc]
        )

    assert (extended.deadline, extended.extra_minutes) == (after(minutes=105), 15)


@pytest.mark.parametrize("minutes", [0, -5, 100_000])
def test_extra_time_is_a_reasonable_number_of_minutes(store: Store, student: User, minutes: int) -> None:
    attempt = started(store, student)

    with pytest.raises(InvalidInput):
        store.write(lambda db: attempts.extend(db, attempt.public_id, minutes, NOW))


def test_a_closed_attempt_cannot_be_extended(store: Store, student: User) -> None:
    attempt = started(store, student)
    hand_in(store, student, attempt)

    with pytest.raises(AttemptClosed):
        store.write(lambda db: attempts.extend(db, attempt.public_id, 10, NOW))


def test_what_is_saved_is_handed_in_and_marked(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1a={"choice": [2]}, p1b={"count": "2*60"})

    done = hand_in(store, student, attempt)

    with store.read() as db:
        marks = queries.marks_of(db, attempt.id)
    assert (done.state, done.points, done.low, done.high) == ("graded", 3, 3, 3)
    assert (done.submitted_at, done.closed_by) == (after(minutes=30), "student")
    assert {part: one.points for part, one in marks.items()} == {"1a": 1, "1b": 2}


def test_handing_in_twice_makes_one_result(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})
    first = hand_in(store, student, attempt)
    second = hand_in(store, student, attempt, now=after(minutes=60))

    assert (second.submitted_at, second.receipt, second.points) == (first.submitted_at, first.receipt, 2)


def test_an_empty_attempt_gets_a_mark_too(store: Store, student: User) -> None:
    done = hand_in(store, student, started(store, student))

    assert (done.state, done.points, done.high) == ("graded", 0, 0)


def test_a_receipt_proves_what_was_handed_in(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})
    done = hand_in(store, student, attempt)

    with store.read() as db:
        found = queries.own_attempt(db, attempt.public_id, student.id)
        assert found is not None
        text = receipts.receipt_of(db, found).as_text()
        lines = [attempt.public_id, found.version.hash, "2026-11-25T09:30:00+00:00", '1b {"count": "120"}']

        assert sha256("\n".join(lines).encode()).hexdigest() == done.receipt
        assert f"SHA-256:   {done.receipt}" in text
        assert receipts.verify(db, text) == (
            True,
            f"Attempt {attempt.public_id}: handed in 2026-11-25T09:30:00+00:00, 1 answers, unchanged since.",
        )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("SHA-256:   ", "SHA-256:   0"), "not the receipt"),
        (("Handed in: 2026", "Handed in: 2025"), "not the receipt"),
        (("Attempt:   ", "Attempt:   x"), "Nothing was handed in"),
        (("SHA-256:", "MD5:"), "no line"),
    ],
)
def test_a_receipt_that_was_changed_is_found_out(
    store: Store, student: User, change: tuple[str, str], fault: str
) -> None:
    attempt = started(store, student)
    hand_in(store, student, attempt)
    text = receipt_text(store, student, attempt).replace(*change)

    with store.read() as db:
        try:
            sentence = receipts.verify(db, text).sentence
        except (InvalidInput, NotFound) as refused:
            sentence = refused.message
    assert fault in sentence


def test_a_receipt_shows_when_stored_answers_were_changed(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})
    hand_in(store, student, attempt)
    text = receipt_text(store, student, attempt)

    def change(db: Session) -> None:
        db.get_one(Answer, (attempt.id, "1b")).answer = '{"count": "121"}'

    store.write(change)

    with store.read() as db:
        assert receipts.verify(db, text) == (
            False,
            f"The stored answers of attempt {attempt.public_id} are not those that were handed in.",
        )


def receipt_text(store: Store, student: User, attempt: Attempt) -> str:
    with store.read() as db:
        found = queries.own_attempt(db, attempt.public_id, student.id)
        assert found is not None
        return receipts.receipt_of(db, found).as_text()


def test_a_hundred_hand_ins_at_once_are_one(store: Store, student: User) -> None:
    """Double clicks, two tabs, and tries again after a lost reply."""
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})
    with ThreadPoolExecutor(8) as clicks:
        moments = [after(minutes=30, seconds=n) for n in range(100)]
        done = list(clicks.map(lambda now: hand_in(store, student, attempt, now=now), moments))

    assert len({(one.receipt, one.submitted_at, one.points, one.graded_at) for one in done}) == 1
    with store.read() as db:
        assert len(queries.marks_of(db, attempt.id)) == 2


def test_a_running_attempt_is_found_by_its_id_or_by_its_student(store: Store, student: User) -> None:
    attempt = started(store, student)

    with store.read() as db:
        for who in (attempt.public_id, student.email, student.email.upper()):
            assert attempts.running(db, who).id == attempt.id
        with pytest.raises(NotFound, match=r"nobody@example\.org has no attempt"):
            attempts.running(db, "nobody@example.org")


def test_of_several_running_attempts_one_must_be_named(store: Store, student: User) -> None:
    first = started(store, student)
    other = read_exam(TEXT.replace("exam: small", "exam: other"))
    store.write(lambda db: library.publish(db, other, NOW))
    store.write(lambda db: attempts.start(db, student.id, "other", NOW))

    with store.read() as db, pytest.raises(Conflict, match=first.public_id):
        attempts.running(db, student.email)


def test_extra_time_leaves_a_record(store: Store, student: User) -> None:
    attempt = started(store, student)
    store.write(lambda db: attempts.extend(db, attempt.public_id, 15, after(minutes=80), student.id))
    store.write(lambda db: attempts.extend(db, attempt.public_id, 5, after(minutes=81)))

    with store.read() as db:
        record = [(one.minutes, one.given_at, one.given_by) for one in queries.extensions_of(db, attempt.id)]
    assert record == [(15, after(minutes=80), student.id), (5, after(minutes=81), None)]


def test_a_hand_in_that_believes_too_much_is_told_what_is_missing(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})

    with pytest.raises(AnswersMissing) as refused:
        hand_in(store, student, attempt, believed={"1a": 3, "1b": 1})

    assert refused.value.parts == ("1a",)
    assert hand_in(store, student, attempt, believed={"1b": 1}).state == "graded"


def test_an_old_tab_cannot_end_an_extended_exam(store: Store, student: User) -> None:
    attempt = started(store, student)
    store.write(lambda db: attempts.extend(db, attempt.public_id, 15, after(minutes=80)))

    with pytest.raises(Conflict, match="extended"):
        hand_in(store, student, attempt, now=after(minutes=90), because_time_is_up=True)

    assert attempts.clock(store, student.id, attempt.public_id, after(minutes=91)).open


def test_a_hand_in_after_the_deadline_counts_as_the_deadlines(store: Store, student: User) -> None:
    done = hand_in(store, student, started(store, student), now=after(minutes=93), because_time_is_up=True)

    assert (done.closed_by, done.submitted_at) == ("deadline", after(minutes=90))


def test_nobody_hands_in_for_somebody_else(store: Store, student: User) -> None:
    attempt = started(store, student)

    with pytest.raises(NotFound):
        hand_in(store, user(store), attempt)
    with pytest.raises(NotFound):
        attempts.clock(store, user(store).id, attempt.public_id, NOW)


def test_a_running_page_learns_of_extra_time_and_of_other_tabs(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})
    store.write(lambda db: attempts.extend(db, attempt.public_id, 15, NOW))

    clock = attempts.clock(store, student.id, attempt.public_id, after(minutes=1))

    assert clock == attempts.Clock(after(minutes=1), after(minutes=105), open=True, counters={"1b": 1})


def test_answers_stay_as_they_were_handed_in(store: Store, student: User) -> None:
    attempt = started(store, student)
    put(store, student, attempt, p1b={"count": "120"})
    done = hand_in(store, student, attempt)
    put(store, student, attempt, p1a={"choice": [2]})

    assert set(attempts.saved_answers(store, done)) == {"1b"}
