"""T5 and T6: saves of 1,000 and 2,000 students on a fixed schedule; times count from when a save was due.

And what other benchmarks do on a schedule.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.class_room import ClassRoom, environment
from tests.benchmarks.load import Load, Outcome, Request
from tests.benchmarks.machine import Server, pinned
from tests.benchmarks.results import Bar, Result, milliseconds, ratios
from tests.benchmarks.saving import check_saves, echoes, refuse_refusals, saves
from tests.benchmarks.schedules import burst, steady

REPEATS = 3
STEADY, BURST, CROWD = "200/s", "peak-1000/s", "peak-3000/s"


def saves_on_schedule(room: ClassRoom) -> Iterator[Result]:
    """Echo and Endterm take turns with the same schedules."""
    echo: dict[str, list[Outcome]] = {}
    ours: dict[str, list[Outcome]] = {}
    bodies, changes = echoes(room), saves(room)
    for _ in range(REPEATS):
        schedules = {
            STEADY: (steady(200, 5), 1_000),
            BURST: (burst(1_000, 1.0, room.chance), 1_000),
            CROWD: (burst(2_000, 2 / 3, room.chance), 2_000),
        }
        with Server("echo") as server:
            warm(server, bodies)
            for case, (dues, connections) in schedules.items():
                echo.setdefault(case, []).append(on_schedule(server, dues, connections, bodies))
        with room.database() as database:
            with Server("endterm", environment(database)) as server:
                warm(server, changes)
                outcomes = [on_schedule(server, *one, changes) for one in schedules.values()]
            check_saves(database, outcomes)
        for case, outcome in zip(schedules, outcomes, strict=True):
            ours.setdefault(case, []).append(outcome)
    yield from (_tail("T5", case, echo, ours, Bar(2, 1.2, at_most=True)) for case in (STEADY, BURST))
    yield _tail("T6", CROWD, echo, ours, Bar(4, 2, at_most=True))
    yield _worst(echo, ours)


def after_a_signal(
    name: str,
    room: ClassRoom,
    bar: Bar,
    prepare: Callable[[Server], None],
    requests: Callable[[], Iterator[Request]],
    check: Callable[[Path, Outcome], None] = lambda _database, _outcome: None,
) -> Result:
    """p99 of Endterm's answers to what 1,000 people do within seconds of a signal, against the echo's at the
    same arrivals; they take turns. `check` looks at the database after the server has ended."""
    echo: list[Outcome] = []
    ours: list[Outcome] = []
    for _ in range(REPEATS):
        dues = burst(1_000, 1.0, room.chance)
        with Server("echo") as server:
            warm(server, echoes(room))
            echo.append(on_schedule(server, dues, 1_000, echoes(room)))
        with room.database() as database:
            with Server("endterm", environment(database)) as server:
                prepare(server)
                ours.append(on_schedule(server, dues, 1_000, requests()))
            check(database, ours[-1])
    return _tail(name, BURST, {BURST: echo}, {BURST: ours}, bar)


def warm(server: Server, requests: Iterator[Request], seconds: float = 0.5) -> None:
    """A closed loop for so long that everything has been used once."""
    with pinned(), Load(server.port, 16) as load:
        refuse_refusals(load.closed(requests, seconds, warm_up=0.0))


def on_schedule(server: Server, dues: list[float], connections: int, requests: Iterator[Request]) -> Outcome:
    """An open loop from the generator's own core; any refusal ends the benchmark."""
    with pinned(), Load(server.port, connections) as load:
        outcome = load.open(dues, requests)
    refuse_refusals(outcome)
    return outcome


def _tail(
    name: str, case: str, echo: dict[str, list[Outcome]], ours: dict[str, list[Outcome]], bar: Bar
) -> Result:
    mine, theirs = [[one.p99 for one in side[case]] for side in (ours, echo)]
    note = f"p99 {milliseconds(mine)} against echo's {milliseconds(theirs)}"
    return Result(name, case, ratios(mine, theirs), bar, note)


def _worst(echo: dict[str, list[Outcome]], ours: dict[str, list[Outcome]]) -> Result:
    mine, theirs = [one.worst for one in ours[CROWD]], [one.p99 for one in echo[CROWD]]
    note = f"longest {milliseconds(mine)} against echo's p99 {milliseconds(theirs)}"
    return Result("T6", f"{CROWD}-longest", ratios(mine, theirs), Bar(20, 5, at_most=True), note)
