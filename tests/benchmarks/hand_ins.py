"""T9, T10 and T11: attempts handed in, marked and stored: in a closed loop, after a signal, and at the deadline."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from app.services import deadlines
from app.services.attempts import GRACE
from app.services.library import Exams
from app.store.database import Store
from app.web.security import form_token
from tests.benchmarks.bursts import after_a_signal
from tests.benchmarks.class_room import ClassRoom, Sitting, environment
from tests.benchmarks.load import Load, Outcome, Request
from tests.benchmarks.machine import SERVER, Server, pinned
from tests.benchmarks.results import Bar, Result, WrongRows, per_second, ratios
from tests.benchmarks.saving import drive, echoes, refuse_refusals

REPEATS = 3
WARM_UP = 200  # attempts, which fill the memory of marks


def rates(room: ClassRoom) -> Iterator[Result]:
    """T9: as many as go through 64 connections; most answers have been given by somebody before."""
    echo: list[Outcome] = []
    ours: list[Outcome] = []
    for _ in range(REPEATS):
        with Server("echo") as server:
            echo.append(drive(server, echoes(room), 64))
        with room.database() as database:
            with Server("endterm", environment(database)) as server:
                _warm(server, room)
                ours.append(_all_at_once(server, room.sittings[WARM_UP:]))
            _check(database, [*range(WARM_UP), *ours[-1].answered])
    mine, theirs = [[one.rate for one in side] for side in (ours, echo)]
    note = f"{per_second(mine)} against echo's {per_second(theirs)}"
    yield Result("T9", "c64", ratios(mine, theirs), Bar(0.15, 0.30), note)


def burst_of_hand_ins(room: ClassRoom) -> Iterator[Result]:
    """T10: 1,000 students hand in after a signal."""
    yield after_a_signal(
        "T10",
        room,
        Bar(20, 5, at_most=True),
        prepare=lambda server: _warm(server, room),
        requests=lambda: _hand_ins(room.sittings[WARM_UP:]),
        check=lambda database, outcome: _check(database, [*range(WARM_UP), *outcome.answered]),
    )


def overdue(room: ClassRoom) -> Iterator[Result]:
    """T11: what the job does at a deadline that 1,000 attempts have in common, on the server's core."""
    seconds: list[float] = []
    for _ in range(REPEATS):
        with room.database() as database:
            _end(database, 0, WARM_UP)
            store, exams = Store(f"sqlite:///{database}"), Exams()
            store.open()
            try:
                deadlines.sweep(store, exams, datetime.now(UTC))
                _end(database, WARM_UP, WARM_UP + 1_000)
                with pinned(SERVER):
                    begun = perf_counter()
                    deadlines.sweep(store, exams, datetime.now(UTC))
                    seconds.append(perf_counter() - begun)
            finally:
                store.close()
            _check(database, list(range(WARM_UP + 1_000)))
    yield Result("T11", "1000-overdue-seconds", tuple(seconds), Bar(5, 1, at_most=True))


def _warm(server: Server, room: ClassRoom) -> None:
    """The first hand-ins: what they hold is marked and remembered."""
    with pinned(), Load(server.port, 16) as load:
        refuse_refusals(load.open([0.0] * WARM_UP, _hand_ins(room.sittings[:WARM_UP])))


def _all_at_once(server: Server, sittings: Sequence[Sitting]) -> Outcome:
    """Each of 64 connections hands in one attempt after the other until all are handed in."""
    with pinned(), Load(server.port, 64) as load:
        outcome = load.open([0.0] * len(sittings), _hand_ins(sittings))
    refuse_refusals(outcome)
    return outcome


def _hand_ins(sittings: Sequence[Sitting]) -> Iterator[Request]:
    """Named by the student's number."""
    for sitting in sittings:
        body = f"form_token={form_token(sitting.token)}"
        head = f"POST {sitting.page}/submission HTTP/1.1\r\n{sitting.headers}accept: text/html\r\n"
        kind = f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n"
        yield sitting.number, f"{head}{kind}{body}".encode()


def _end(database: Path, first: int, last: int) -> None:
    """The deadline of these attempts was a minute ago."""
    over = (datetime.now(UTC) - GRACE - timedelta(minutes=1)).replace(tzinfo=None).isoformat(" ")
    connection = sqlite3.connect(database, timeout=30)
    with connection:
        connection.execute(
            "UPDATE attempts SET deadline = ? WHERE id IN (SELECT id FROM attempts ORDER BY id LIMIT ? OFFSET ?)",
            (over, last - first, first),
        )
    connection.close()


def _check(database: Path, numbers: list[int]) -> None:
    """Each of these attempts is graded once, and has all its answers and a mark for each part."""
    connection = sqlite3.connect(database)
    graded = {row[0] for row in connection.execute("SELECT id FROM attempts WHERE state = 'graded'")}
    ids = [row[0] for row in connection.execute("SELECT id FROM attempts ORDER BY id")]
    marks = dict(connection.execute("SELECT attempt_id, count(*) FROM marks GROUP BY attempt_id").fetchall())
    saved = dict(connection.execute("SELECT attempt_id, count(DISTINCT part) FROM saves GROUP BY attempt_id"))
    kept = dict(connection.execute("SELECT attempt_id, count(*) FROM answers GROUP BY attempt_id"))
    parts = connection.execute("SELECT json_array_length(parts) FROM exam_versions").fetchone()[0]
    connection.close()
    handed_in = {ids[number] for number in numbers}
    if graded != handed_in or len(numbers) != len(handed_in):
        raise WrongRows(f"{len(numbers)} attempts handed in, {len(graded)} graded")
    wrong = [one for one in graded if marks.get(one) != parts or kept.get(one, 0) != saved.get(one, 0)]
    if wrong:
        raise WrongRows(f"{len(wrong)} attempts without all of their answers or marks")
