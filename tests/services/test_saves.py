"""Saving answers, on both databases: what is accepted, what is refused, and that the newer change stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.services import accounts, attempts, late_saves
from app.services.saves import Outcome, SaveReply, SaveRequest, Saves, is_blank
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt, Save
from app.store.saved import NewSave
from tests.factories import after, published, save, started, token, user


class Sitting:
    """A student with an open attempt and a browser."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.saves = Saves(store)
        published(store)
        self.student = user(store)
        self.attempt: Attempt = started(store, self.student)
        self.session = token(store, self.student)

    def send(self, *requests: SaveRequest) -> list[SaveReply]:
        return self.store.writer.run_all(self.saves, requests)

    def save(self, answer: str = '{"count":"120"}', **how: object) -> SaveReply:
        (reply,) = self.send(save(self.attempt, self.session, answer, **how))  # type: ignore[arg-type]
        return reply

    def stored(self, part: str = "1b") -> str | None:
        found = attempts.saved_answers(self.store, self.attempt).get(part)
        return found.answer if found else None


@pytest.fixture
def sitting(store: Store) -> Sitting:
    return Sitting(store)


def test_a_saved_answer_can_be_read_back(sitting: Sitting) -> None:
    reply = sitting.save('{"count":"2*60"}', counter=7, flagged=True, at=after(minutes=3))

    found = attempts.saved_answers(sitting.store, sitting.attempt)["1b"]
    assert (reply.outcome, reply.counter, reply.saved_at) == (Outcome.SAVED, 7, after(minutes=3))
    assert reply.deadline == after(minutes=90)
    assert (found.answer, found.counter, found.flagged, found.saved_at) == (
        '{"count":"2*60"}', 7, True, after(minutes=3),
    )  # fmt: skip


def test_a_newer_change_replaces_an_older_one(sitting: Sitting) -> None:
    sitting.save('{"count":"1"}', counter=1)
    sitting.save('{"count":"2"}', counter=2)

    assert sitting.stored() == '{"count":"2"}'


def test_saves_that_arrive_out_of_order_leave_the_newest(sitting: Sitting) -> None:
    sitting.save('{"count":"2"}', counter=2)
    reply = sitting.save('{"count":"1"}', counter=1)

    assert (reply.outcome, reply.counter) == (Outcome.REPEATED, 2)
    assert sitting.stored() == '{"count":"2"}'


def test_a_repeated_save_is_acknowledged_and_stored_once(sitting: Sitting) -> None:
    first = sitting.save(counter=5, at=after(minutes=1))
    again = sitting.save(counter=5, at=after(minutes=2))

    assert (again.outcome, again.saved_at) == (Outcome.REPEATED, first.saved_at)
    assert _entries(sitting) == 1


def test_a_repeat_after_the_end_is_still_acknowledged(sitting: Sitting) -> None:
    sitting.save(counter=5)
    _close(sitting)

    assert sitting.save(counter=5, at=after(minutes=95)).outcome is Outcome.REPEATED
    sitting.store.write(lambda db: sitting.store.saved.forget_closed(db.connection()))
    assert sitting.save(counter=5, at=after(minutes=95)).outcome is Outcome.REPEATED


def test_the_tab_with_the_older_change_is_told_and_changes_nothing(sitting: Sitting) -> None:
    sitting.save('{"count":"new"}', counter=9, tab="new-tab")
    reply = sitting.save('{"count":"old"}', counter=8, tab="old-tab")

    assert (reply.outcome, reply.counter) == (Outcome.OLDER, 9)
    assert sitting.stored() == '{"count":"new"}'


def test_equal_counters_of_two_tabs_are_not_taken_for_a_repeat(sitting: Sitting) -> None:
    sitting.save('{"count":"one"}', counter=3, tab="tab-one")

    assert sitting.save('{"count":"two"}', counter=3, tab="tab-two").outcome is Outcome.OLDER


def test_nothing_does_not_replace_something_by_accident(sitting: Sitting) -> None:
    sitting.save(counter=1)
    reply = sitting.save("{}", counter=2, blank=True)

    assert reply.outcome is Outcome.EMPTY
    assert sitting.stored() == '{"count":"120"}'


def test_a_student_can_empty_a_part_on_purpose(sitting: Sitting) -> None:
    sitting.save(counter=1)
    sitting.save("{}", counter=2, blank=True, cleared=True)

    assert sitting.stored() == "{}"


def test_a_part_can_be_flagged_before_it_is_answered(sitting: Sitting) -> None:
    assert sitting.save("{}", blank=True, flagged=True).outcome is Outcome.SAVED
    assert attempts.saved_answers(sitting.store, sitting.attempt)["1b"].flagged


def test_saves_of_one_group_see_each_other(sitting: Sitting) -> None:
    one, two = (save(sitting.attempt, sitting.session, f'{{"count":"{n}"}}', counter=n) for n in (1, 2))

    replies = sitting.send(two, one, two)

    assert [reply.outcome for reply in replies] == [Outcome.SAVED, Outcome.REPEATED, Outcome.REPEATED]
    assert sitting.stored() == '{"count":"2"}'


def test_the_journal_has_all_saves_of_a_group_in_their_order(sitting: Sitting) -> None:
    numbers = list(range(1, 40))

    sitting.send(*(save(sitting.attempt, sitting.session, f'{{"count":"{n}"}}', counter=n) for n in numbers))

    with sitting.store.read() as db:
        assert db.scalars(select(Save.counter).order_by(Save.id)).all() == numbers
    assert sitting.stored() == '{"count":"39"}'


def test_on_postgresql_a_save_that_was_overtaken_leaves_no_trace(sitting: Sitting) -> None:
    if sitting.store.is_sqlite:
        pytest.skip("one process writes at a time")
    sitting.save('{"count":"2"}', counter=2)
    saves = [
        NewSave(sitting.attempt.id, part, 1, "slow-tab", "{}", False, False, after(minutes=1))
        for part in ("1b", "1a")
    ]

    overtaken = sitting.store.write(lambda db: sitting.store.saved.add(db.connection(), saves))

    with sitting.store.read() as db:
        journal = db.execute(select(Save.part, Save.counter).order_by(Save.id)).all()
    assert overtaken == {saves[0].key}
    assert [tuple(row) for row in journal] == [("1b", 2), ("1a", 1)]
    assert sitting.stored() == '{"count":"2"}'


@pytest.mark.parametrize("seconds", [0, 12, 13])
def test_a_save_in_flight_at_the_deadline_counts(sitting: Sitting, seconds: int) -> None:
    assert sitting.save(at=after(minutes=90, seconds=seconds)).outcome is Outcome.SAVED


def test_a_save_after_the_grace_is_refused_and_kept_apart_once(sitting: Sitting) -> None:
    sitting.save('{"count":"in time"}', counter=1)
    late = {"counter": 2, "at": after(minutes=90, seconds=14)}
    replies = [sitting.save('{"count":"late"}', **late) for _ in range(2)]

    with sitting.store.read() as db:
        kept = queries.late_saves_of(db, sitting.attempt.id)
    assert [reply.outcome for reply in replies] == [Outcome.CLOSED, Outcome.CLOSED]
    assert [(one.part, one.answer) for one in kept] == [("1b", '{"count":"late"}')]
    assert sitting.stored() == '{"count":"in time"}'


def test_late_saves_of_one_attempt_have_bounds_and_those_of_others_their_own(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_saves, "MOST_SAVES", 3)
    late = after(minutes=91)
    several = [save(sitting.attempt, sitting.session, counter=n, at=late) for n in (1, 2, 2, 3, 4, 5)]
    other = user(sitting.store)
    theirs = save(started(sitting.store, other), token(sitting.store, other), at=late)

    first = [reply.kept for reply in sitting.send(*several, theirs)]
    again = [reply.kept for reply in sitting.send(*several)]

    assert first == [True, True, True, True, False, False, True]
    assert again == [True, True, True, True, False, False]
    with sitting.store.read() as db:
        assert [one.counter for one in queries.late_saves_of(db, sitting.attempt.id)] == [1, 2, 3]


def test_late_saves_are_bounded_in_bytes_too(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_saves, "MOST_BYTES", 25)
    text = '{"count":"é"}'  # 14 bytes

    replies = [sitting.save(text, counter=n, at=after(minutes=91)) for n in (1, 2, 1)]

    assert [reply.kept for reply in replies] == [True, False, True]


def test_a_save_after_handing_in_is_kept_apart(sitting: Sitting) -> None:
    _close(sitting)

    assert sitting.save(at=after(minutes=31)).outcome is Outcome.CLOSED
    assert sitting.stored() is None


def test_an_extension_lets_saves_through_again(sitting: Sitting) -> None:
    sitting.store.write(lambda db: attempts.extend(db, sitting.attempt.public_id, 15, after(minutes=80)))

    reply = sitting.save(at=after(minutes=100))

    assert (reply.outcome, reply.deadline) == (Outcome.SAVED, after(minutes=105))


def test_nobody_saves_without_a_session(sitting: Sitting) -> None:
    (unknown,) = sitting.send(save(sitting.attempt, "no-such-token"))
    ended = sitting.save(at=after(days=2))
    sitting.store.write(lambda db: accounts.sign_out(db, sitting.session))
    signed_out = sitting.save()

    assert {unknown.outcome, ended.outcome, signed_out.outcome} == {Outcome.SIGNED_OUT}


def test_a_user_who_is_switched_off_saves_nothing(sitting: Sitting) -> None:
    sitting.store.write(lambda db: accounts.switch_off(db, sitting.student.id))

    assert sitting.save().outcome is Outcome.SIGNED_OUT


def test_somebody_elses_attempt_looks_like_none(sitting: Sitting) -> None:
    other = token(sitting.store, user(sitting.store))

    (theirs,) = sitting.send(save(sitting.attempt, other))
    sitting.attempt.public_id = "there-is-no-such-attempt"
    (none,) = sitting.send(save(sitting.attempt, other))

    assert theirs == none
    assert theirs.outcome is Outcome.UNKNOWN
    assert theirs._replace(user_id=0) == SaveReply(Outcome.UNKNOWN)


def test_a_part_that_the_exam_does_not_have_is_refused(sitting: Sitting) -> None:
    assert sitting.save(part="9z").outcome is Outcome.NO_PART


def test_what_was_saved_is_there_after_a_restart(sitting: Sitting, database_url: str) -> None:
    sitting.save('{"count":"1"}', counter=1)
    sitting.save('{"count":"2"}', counter=2)
    sitting.store.close()
    again = Store(database_url)
    again.open()

    older = save(sitting.attempt, sitting.session, counter=1, tab="other")
    (reply,) = again.writer.run_all(Saves(again), [older])

    assert reply.outcome is Outcome.OLDER
    assert attempts.saved_answers(again, sitting.attempt)["1b"].answer == '{"count":"2"}'
    again.close()


def test_what_another_process_saved_is_seen(sitting: Sitting, database_url: str) -> None:
    sitting.save('{"count":"1"}', counter=1)
    other = Store(database_url)
    other.open()
    newer = save(sitting.attempt, sitting.session, '{"count":"5"}', counter=5, tab="other")
    other.writer.run_all(Saves(other), [newer])

    assert sitting.stored() == '{"count":"5"}'
    assert sitting.save(counter=4).outcome is Outcome.OLDER
    other.close()


def test_what_another_process_changed_is_seen_by_the_next_save(sitting: Sitting, database_url: str) -> None:
    assert sitting.save(counter=1).outcome is Outcome.SAVED
    other = Store(database_url)
    other.open()

    other.write(lambda db: attempts.extend(db, sitting.attempt.public_id, 15, after(minutes=80)))
    assert sitting.save(counter=2, at=after(minutes=100)).outcome is Outcome.SAVED
    other.write(lambda db: attempts.close(db, other.saved, sitting.attempt.id, after(minutes=101), "staff"))
    assert sitting.save(counter=3, at=after(minutes=101)).outcome is Outcome.CLOSED
    other.write(lambda db: accounts.sign_out(db, sitting.session))
    assert sitting.save(counter=4, at=after(minutes=101)).outcome is Outcome.SIGNED_OUT
    other.close()


def test_on_postgresql_plain_saves_of_known_students_are_one_statement(sitting: Sitting) -> None:
    if sitting.store.is_sqlite:
        pytest.skip("asks its memory")
    sitting.save(counter=1)
    group = [save(sitting.attempt, sitting.session, counter=2, part=part) for part in ("1a", "1b")]
    with _statements() as run:
        replies = sitting.send(*group)

    assert [reply.outcome for reply in replies] == [Outcome.SAVED] * 2
    assert len(run) <= 2  # two, if the writer took the first one before the second had come


def test_on_postgresql_students_who_sat_already_at_the_start_are_known(sitting: Sitting) -> None:
    if sitting.store.is_sqlite:
        pytest.skip("asks its memory")
    other = user(sitting.store)
    theirs, left = started(sitting.store, other), token(sitting.store, other)
    sitting.save(counter=1)
    with _statements() as run:
        (reply,) = sitting.send(save(theirs, left, counter=1))

    assert reply.outcome is Outcome.SAVED
    assert len(run) == 1


def test_a_group_of_plain_and_other_saves_is_told_apart(sitting: Sitting) -> None:
    other = user(sitting.store)
    theirs, left = started(sitting.store, other), token(sitting.store, other)
    sitting.send(save(sitting.attempt, sitting.session, counter=5), save(theirs, left, counter=5))
    sitting.store.write(lambda db: accounts.sign_out(db, left))

    replies = sitting.send(
        save(theirs, left, counter=6),
        save(sitting.attempt, sitting.session, '{"count":"6"}', counter=6),
        save(sitting.attempt, sitting.session, "{}", counter=7, blank=True),
        save(sitting.attempt, sitting.session, counter=4, tab="other-tab"),
        save(sitting.attempt, left, counter=8),
    )

    assert [reply.outcome for reply in replies] == [
        Outcome.SIGNED_OUT, Outcome.SAVED, Outcome.EMPTY, Outcome.OLDER, Outcome.SIGNED_OUT,
    ]  # fmt: skip
    assert sitting.stored() == '{"count":"6"}'
    assert _entries(sitting) == 3


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What any database is asked meanwhile."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_failed_write_leaves_nothing_remembered(sitting: Sitting) -> None:
    def close_and_fail(db: Session) -> None:
        attempts.close(db, sitting.store.saved, sitting.attempt.id, after(minutes=1), "student")
        raise Conflict("not after all")

    with pytest.raises(Conflict):
        sitting.store.write(close_and_fail)

    assert sitting.save().outcome is Outcome.SAVED


@pytest.mark.parametrize(
    ("answer", "blank"),
    [
        ({}, True),
        ({"text": ""}, True),
        ({"text": " \n"}, True),
        ({"text": None}, True),
        ({"mu": [["", ""], ["", ""]]}, True),
        ({"graph": {"nodes": [], "edges": []}}, True),
        ({"a": "", "b": "x"}, False),
        ({"choice": []}, False),  # "none of these" is an answer
        ({"choice": [1]}, False),
        ({"mu": [["", "0"]]}, False),
        ({"deep": [[[[[[[[[[""]]]]]]]]]]}, False),  # deeper than any field: not for us to call blank
    ],
)
def test_blank_answers_are_known(answer: dict[str, object], blank: bool) -> None:
    assert is_blank(answer) is blank


def _close(sitting: Sitting) -> None:
    saved = sitting.store.saved
    sitting.store.write(
        lambda db: attempts.close(db, saved, sitting.attempt.id, after(minutes=30), "student")
    )
    sitting.attempt.state = "submitted"


def _entries(sitting: Sitting) -> int:
    with sitting.store.read() as db:
        return queries.last_save(db)
