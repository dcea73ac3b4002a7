"""T7 and T8: the attempt page with the student's own answers, against the same page rendered whole each time."""

from collections.abc import Iterator
from itertools import count

from tests.benchmarks.bursts import after_a_signal, warm
from tests.benchmarks.class_room import ClassRoom, environment
from tests.benchmarks.load import Outcome, Request
from tests.benchmarks.machine import Server
from tests.benchmarks.results import Bar, Result, per_second, ratios
from tests.benchmarks.saving import drive

REPEATS = 3


def rates(room: ClassRoom) -> Iterator[Result]:
    """T7, in closed loops of 64 connections."""
    whole: list[Outcome] = []
    ours: list[Outcome] = []
    for _ in range(REPEATS):
        with room.database() as database:
            with Server("full-page", environment(database)) as server:
                warm(server, pages(room))
                whole.append(drive(server, pages(room), 64, 2.0))
            with Server("endterm", environment(database)) as server:
                warm(server, pages(room))
                ours.append(drive(server, pages(room), 64, 2.0))
    mine, theirs = [[one.rate for one in side] for side in (ours, whole)]
    note = f"{per_second(mine)} against {per_second(theirs)} rendered whole"
    yield Result("T7", "c64", ratios(mine, theirs), Bar(6, 9), note)


def burst_of_pages(room: ClassRoom) -> Iterator[Result]:
    """T8: 1,000 students open their pages after a signal."""
    bar = Bar(5, 1, at_most=True)
    yield after_a_signal("T8", room, bar, lambda server: warm(server, pages(room), 2.0), lambda: pages(room))


def pages(room: ClassRoom) -> Iterator[Request]:
    """The page of one student after the other."""
    ready = [
        f"GET {one.page} HTTP/1.1\r\n{one.headers}accept: text/html\r\n\r\n".encode() for one in room.sittings
    ]
    for number in count():
        yield number, ready[number % len(ready)]
