"""`endterm serve` on a disk with faults: python -m tests.faults.serve_on_disk CONTROLS [--early P] [--seed N] [--normal]

`--normal` lets SQLite acknowledge before the sync, which must be found out: the control of the experiment.
"""

import argparse
import sys
from pathlib import Path

from tests.faults import apsw_driver
from tests.faults.disk import Disk


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("controls", type=Path)
    parser.add_argument("--early", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--normal", action="store_true")
    given = parser.parse_args()
    _disk = Disk(given.controls, given.early, given.seed)
    if given.normal:
        apsw_driver.REPLACED["PRAGMA synchronous = FULL"] = "PRAGMA synchronous = NORMAL"
    apsw_driver.install()

    from app.cli import main as endterm

    sys.argv[1:] = ["serve"]
    endterm()


if __name__ == "__main__":
    main()
