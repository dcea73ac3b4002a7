"""What the served process is made of."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from app.store.migrations import migrate
from app.store.sqlite import OLDEST
from tests.faults.served import Served

MARK = b"SQLite format 3\0"  # with which every database begins, so every build of the library has it


async def _libraries(server: Served) -> set[Path]:
    """Every file of code that the process has loaded after it has answered."""
    await server.start()
    try:
        maps = Path(f"/proc/{server.pid}/maps").read_text().splitlines()
    finally:
        await server.stop()
    return {Path(line.split(maxsplit=5)[5]) for line in maps if line.endswith(".so") or ".so." in line}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_served_process_has_one_build_of_sqlite_and_a_sound_one(tmp_path: Path) -> None:
    server = Served(tmp_path)
    migrate(server.url)
    builds = [one for one in asyncio.run(_libraries(server)) if MARK in one.read_bytes()]

    assert builds == [Path(sys.modules["pysqlite3._sqlite3"].__file__ or "")]
    assert sqlite3.sqlite_version_info >= OLDEST  # of the same file: importing the app has put it there
