"""T1, T3 and T4: durable saves against FastAPI's echo and against a commit for each request, in closed loops."""

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random

from sqlalchemy import insert

from tests.benchmarks.class_room import ClassRoom, Sitting, environment
from tests.benchmarks.load import Load, Outcome, Request
from tests.benchmarks.machine import Server, pinned
from tests.benchmarks.plain import Answer, Base, plain_engine
from tests.benchmarks.results import Bar, Result, WrongRows, milliseconds, per_second, ratios

REPEATS = 3
SECONDS = 2.5
CONNECTIONS = (64, 1024)

TEXT = "The gradient vanishes because the sigmoid saturates: far from zero its slope is nearly nothing, so the product over many layers gets tiny and the first layers hardly learn; ReLU does not."
FIRST_COUNTER = 1_700_000_000_000  # milliseconds, as pages count; above all counters in the room


def rates(room: ClassRoom) -> Iterator[Result]:
    """Echo, Endterm and the usual way take turns."""
    echo: dict[int, list[Outcome]] = {one: [] for one in CONNECTIONS}
    ours: dict[int, list[Outcome]] = {one: [] for one in CONNECTIONS}
    plain: list[Outcome] = []
    for _ in range(REPEATS):
        with Server("echo") as server:
            for connections in CONNECTIONS:
                echo[connections].append(drive(server, echoes(room), connections))
        with room.database() as database:
            with Server("endterm", environment(database)) as server:
                for connections in CONNECTIONS:
                    ours[connections].append(drive(server, saves(room), connections))
            check_saves(database, [one[-1] for one in ours.values()])
        plain.append(_plain(room))
    yield from _rates("T1", echo, ours)
    yield _against_plain(ours[64], plain)
    yield from _tails("T4", echo, ours)


def drive(server: Server, requests: Iterator[Request], connections: int, seconds: float = SECONDS) -> Outcome:
    """A closed loop from the generator's own core; any refusal ends the benchmark."""
    with pinned(), Load(server.port, connections) as load:
        outcome = load.closed(requests, seconds)
    refuse_refusals(outcome)
    return outcome


def refuse_refusals(outcome: Outcome) -> None:
    if outcome.refused:
        raise WrongRows(f"answers that are no successes: {outcome.refused}")


def saves(room: ClassRoom) -> Iterator[Request]:
    """Endless saves of random parts of random attempts, each with a counter of its own."""
    return saves_of(room.sittings, room)


def saves_of(sittings: list[Sitting], room: ClassRoom) -> Iterator[Request]:
    """The same for the attempts of another database."""
    heads = [(sitting, part) for sitting in sittings for part in room.parts]
    return requests([_save_head(*one) for one in heads], room.chance)


def echoes(room: ClassRoom) -> Iterator[Request]:
    """The same bytes to the echo."""
    return requests([f"POST /echo HTTP/1.1\r\n{one.headers}" for one in room.sittings], room.chance)


def requests(heads: list[str], chance: Random) -> Iterator[Request]:
    """The heads in random order, each with the body of a save; the request is named by its counter.

    No part comes again soon: two saves of one part that overtake each other are not what is measured.
    """
    length = len(_body(FIRST_COUNTER))
    tail = f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    ready = [f"{head}{tail}".encode() for head in heads]
    before, after = _body(FIRST_COUNTER).split(str(FIRST_COUNTER).encode())
    chance.shuffle(ready)
    for counter in count(next(_COUNTERS) * 10_000_000 + FIRST_COUNTER):
        yield counter, b"%b%b%d%b" % (ready[counter % len(ready)], before, counter, after)


_COUNTERS = count(1)


def _save_head(sitting: Sitting, part: str) -> str:
    return f"POST /attempts/{sitting.attempt}/answers/{part} HTTP/1.1\r\n{sitting.headers}"


def _body(counter: int) -> bytes:
    return f'{{"counter":{counter},"tab":"benchmark","value":{{"text":"{TEXT}"}},"flagged":false,"cleared":false}}'.encode()


def check_saves(database: Path, outcomes: list[Outcome]) -> None:
    """Every save that was acknowledged is in the journal, once. The server has ended."""
    with sqlite3.connect(database) as connection:
        found = [row[0] for row in connection.execute("SELECT counter FROM saves WHERE tab = 'benchmark'")]
    connection.close()
    acknowledged = {counter for one in outcomes for counter in one.answered}
    if len(found) != len(set(found)) or not acknowledged <= set(found):
        raise WrongRows(f"{len(acknowledged)} saves acknowledged, {len(found)} stored")


def _plain(room: ClassRoom) -> Outcome:
    """The usual way at 64 connections, on a table that is as full as ours."""
    with room.database() as folder:
        database = folder.with_name("plain.sqlite3")
        _fill_plain(room, database)
        with Server("plain", {"PLAIN_DATABASE": str(database)}) as server:
            outcome = drive(server, saves(room), 64)
        with sqlite3.connect(database) as connection:
            found = {row[0] for row in connection.execute("SELECT counter FROM answers WHERE counter > 1")}
        connection.close()
    if not found <= set(outcome.answered) or not found:
        raise WrongRows("the usual way stored what nobody sent")
    return outcome


def _fill_plain(room: ClassRoom, database: Path) -> None:
    engine = plain_engine(str(database))
    Base.metadata.create_all(engine)
    rows = [
        {"attempt": one.attempt, "part": part, "counter": 1, "tab": "first-tab", "value": {"text": TEXT}, "flagged": False}
        for one in room.sittings
        for part in room.parts
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(Answer), rows)
    engine.dispose()


def _rates(name: str, echo: dict[int, list[Outcome]], ours: dict[int, list[Outcome]]) -> Iterator[Result]:
    for connections in CONNECTIONS:
        mine, theirs = [[one.rate for one in side[connections]] for side in (ours, echo)]
        note = f"{per_second(mine)} against echo's {per_second(theirs)}"
        yield Result(name, f"c{connections}", ratios(mine, theirs), Bar(1.2, 2.0), note)


def _against_plain(ours: list[Outcome], plain: list[Outcome]) -> Result:
    mine, theirs = [[one.rate for one in side] for side in (ours, plain)]
    note = f"{per_second(mine)} against {per_second(theirs)} with a commit for each request"
    return Result("T3", "c64", ratios(mine, theirs), Bar(10, 20), note)


def _tails(name: str, echo: dict[int, list[Outcome]], ours: dict[int, list[Outcome]]) -> Iterator[Result]:
    for connections in CONNECTIONS:
        mine, theirs = [[one.p99 for one in side[connections]] for side in (ours, echo)]
        note = f"p99 {milliseconds(mine)} against echo's {milliseconds(theirs)}"
        yield Result(name, f"c{connections}", ratios(mine, theirs), Bar(1.5, 1.0, at_most=True), note)
