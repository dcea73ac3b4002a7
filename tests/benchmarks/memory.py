"""T23: the server's memory after a million saves, against that after ten thousand."""

import math
from collections.abc import Iterator
from itertools import islice

from tests.benchmarks.class_room import ClassRoom, environment
from tests.benchmarks.load import Load, Outcome, Request
from tests.benchmarks.machine import EVERYWHERE, Server
from tests.benchmarks.results import Bar, Result
from tests.benchmarks.saving import check_saves, refuse_refusals, saves

FEW, MANY = 10_000, 1_000_000


def growth(room: ClassRoom) -> Iterator[Result]:
    """One server, once and on all cores: a million saves take their time."""
    requests = saves(room)
    with room.database() as database:
        with Server("endterm", environment(database), cores=EVERYWHERE) as server:
            first = _some(server, requests, FEW)
            early = server.memory
            rest = _some(server, requests, MANY - FEW)
            late = server.memory
        check_saves(database, [first, rest])
    note = f"{late / 2**20:.0f} MiB against {early / 2**20:.0f} MiB"
    yield Result("T23", "1000000-saves", (late / early,), Bar(1.3, 1.1, at_most=True), note)


def _some(server: Server, requests: Iterator[Request], number: int) -> Outcome:
    with Load(server.port, 64) as load:
        outcome = load.closed(islice(requests, number), math.inf, warm_up=0)
    refuse_refusals(outcome)
    return outcome
