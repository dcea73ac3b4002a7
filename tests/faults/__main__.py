"""Break things and count what is lost. Exit code 1 if anything is, or if the control loses nothing.

python -m tests.faults                          every fault a few times, as a table
python -m tests.faults kill --times 200         SIGKILL at random moments
python -m tests.faults power --times 50         simulated power loss, and the control
python -m tests.faults start                    the time until answers are saved again after a kill
python -m tests.faults lazyfs                   power loss with LazyFS, a real file system that forgets
python -m tests.faults classroom                a 90-minute class in five minutes, with figures
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults import classroom, grading, lazyfs, postgres, scenarios, starting
from tests.faults.scenarios import Outcome

COLUMNS = "{:<34} {:>8} {:>12} {:>6} {:>10} {:>16} {:>6}  {}"
HEAD = ("fault", "injected", "acknowledged", "lost", "duplicated", "older over newer", "marks", "note")
LONGEST_START = 3.0  # times a clean one


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="endterm-faults-") as name:
        yield Path(name)


def run(scenario: Callable[[Path], Coroutine[Any, Any, Outcome]], *, must_lose: bool = False) -> bool:
    """One row of the table; whether all was as it must be."""
    with folder() as here:
        outcome = asyncio.run(scenario(here))
    found = outcome.findings
    numbers = (len(found.lost), len(found.duplicated), len(found.older_over_newer), len(found.marks))
    row = (outcome.fault, outcome.injected, len(outcome.history.acknowledged), *numbers, outcome.note)
    print(COLUMNS.format(*row), flush=True)
    if must_lose:
        return bool(found.lost)
    for sentence in found.all[:10]:
        print(f"    {sentence}")
    return not found.all


def everything(times: int, seed: int) -> bool:
    print(COLUMNS.format(*HEAD))
    good = [run(lambda here: scenarios.killed(here, times, seed=seed)), *power_losses(times, seed)]
    if scenarios.can_mount():
        good.append(run(scenarios.full_disk))
    else:
        print("a real disk that is full: left out, because only root can mount a small one")
    good += [
        run(lambda here: scenarios.with_control(here, "disk full (simulated)", "full")),
        run(lambda here: scenarios.with_control(here, "commit error (sync fails)", "broken")),
        run(scenarios.refused_writes),
        run(lambda here: scenarios.with_control(here, "slow disk (50 ms a sync)", "slow")),
        run(scenarios.restarted),
        run(lambda here: grading.killed_while_marking(here, min(times, 5), 24, seed=seed)),
        *on_postgres(times, seed),
    ]
    return all(good)


def power_losses(times: int, seed: int) -> list[bool]:
    return [
        run(lambda here: scenarios.lost_power(here, times, seed)),
        run(lambda here: scenarios.lost_power_without_syncs(here, seed), must_lose=True),
    ]


def on_postgres(times: int, seed: int) -> list[bool]:
    with postgres.own_server() as server:

        def url(name: str) -> str:
            server.psql(f"CREATE DATABASE {name}")
            return server.get_uri(database=name, driver="psycopg")

        return [
            run(lambda here: postgres.went_away(here, server, url("away"))),
            run(lambda here: postgres.refused_commits(here, url("commits"))),
            run(lambda here: scenarios.killed(here, times, url("killed"), seed)),
            run(lambda here: grading.killed_while_marking(here, min(times, 5), 24, url("marking"), seed)),
        ]


def start_times(answers: int) -> bool:
    with folder() as here:
        starts = asyncio.run(starting.measured(here, answers))
    print(f"seconds from the start of the process to the first save, with {starts.stored} answers stored")
    print("after a clean stop:", *(f"{one:.2f}" for one in starts.clean))
    print("after a kill:      ", *(f"{one:.2f}" for one in starts.killed))
    print(f"ratio of medians {starts.ratio:.2f}, at most {LONGEST_START:g}")
    return starts.ratio <= LONGEST_START


def lesson(students: int, minutes: int) -> bool:
    with folder() as here:
        return classroom.run(here, students, minutes)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "what",
        nargs="?",
        default="all",
        choices=("all", "kill", "power", "postgres", "start", "lazyfs", "classroom"),
    )
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--minutes", type=int, default=5)
    given = parser.parse_args()
    if given.what in ("kill", "power", "postgres"):
        print(COLUMNS.format(*HEAD))
    commands: dict[str, Callable[[], bool]] = {
        "all": lambda: everything(given.times, given.seed),
        "kill": lambda: run(lambda here: scenarios.killed(here, given.times, seed=given.seed)),
        "power": lambda: all(power_losses(given.times, given.seed)),
        "postgres": lambda: all(on_postgres(given.times, given.seed)),
        "start": lambda: start_times(given.answers),
        "lazyfs": lambda: lazyfs.run(given.times),
        "classroom": lambda: lesson(given.students, given.minutes),
    }
    sys.exit(0 if commands[given.what]() else 1)


if __name__ == "__main__":
    main()
