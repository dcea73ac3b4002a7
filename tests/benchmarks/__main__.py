"""The benchmarks: `make bench`, or `make bench ONLY=T1` for one of them.

Each line is a ratio of two sides that were measured in this run, turn by turn: the median of three. Rows are
checked afterwards. Ends with 1 if a floor is missed, or if something acknowledged is not stored.
"""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from tests.benchmarks import bursts, hand_ins, marking, memory, pages, saving, two_databases
from tests.benchmarks.class_room import ClassRoom
from tests.benchmarks.machine import Quiet
from tests.benchmarks.results import Run, WrongRows

BENCHMARKS: Mapping[str, Run] = {
    "marking": marking.attempts,
    "T15": marking.texts,
    "T16": marking.formulas,
    "T17": marking.worst,
    "T1": saving.rates,
    "T3": saving.rates,
    "T4": saving.rates,
    "T5": bursts.saves_on_schedule,
    "T6": bursts.saves_on_schedule,
    "T7": pages.rates,
    "T8": pages.burst_of_pages,
    "T9": hand_ins.rates,
    "T10": hand_ins.burst_of_hand_ins,
    "T11": hand_ins.overdue,
    "T21": two_databases.rates,
    "T23": memory.growth,
}
"""Those with the same function are measured together; marking first, while this process is as small as a server."""

LOUD = 0.1  # cores


def main(only: str) -> int:
    if only and only not in BENCHMARKS:
        print(f"There is no benchmark {only!r}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    wanted = {only} if only else set(BENCHMARKS)
    quiet, began = Quiet(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="endterm-bench-") as folder:
        good = _run_all(wanted, ClassRoom(Path(folder)))
    others, stolen = quiet.others()
    print(f"{time.monotonic() - began:.0f} s; others used {others:.2f} cores, {stolen:.2f} were stolen")
    if others > LOUD or stolen > LOUD:
        print("The machine was not quiet: times and tails say little, ratios less than they should.")
    return 0 if good else 1


def _run_all(wanted: set[str], room: ClassRoom) -> bool:
    console = Console(stderr=True)
    good = True
    with console.status("Filling the class room"):
        room.prepare()
    for run in dict.fromkeys(BENCHMARKS[name] for name in BENCHMARKS if name in wanted):
        names = [name for name, other in BENCHMARKS.items() if other is run]
        try:
            with console.status(f"Measuring {', '.join(names)}"):
                results = [one for one in run(room) if one.name in wanted]
        except WrongRows as fault:
            print(f"{' '.join(names)} FAILED: {fault}", flush=True)
            good = False
            continue
        for one in results:
            print(one, flush=True)
            good = good and one.is_enough
    return good


if __name__ == "__main__":
    sys.exit(main(os.environ.get("ONLY", "")))
