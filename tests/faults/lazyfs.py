"""Power loss with LazyFS, a file system that forgets on command what was not synced, under the real server.

It is not part of Endterm and has to be built once. This says what is missing, and runs the experiment if
nothing is. The name of its program is taken from LAZYFS, or looked for on the PATH.
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.scenarios import STUDENTS, Outcome, class_of, some_saves
from tests.faults.served import Served

NEEDS = """\
LazyFS cannot be used here: {reason}.

It needs Linux with /dev/fuse, root or the right to mount, and the program `lazyfs`:
1. From Debian: cmake, g++, pkg-config, libfuse3-dev, libspdlog-dev, libtoml11-dev, libfmt-dev, fuse3.
2. The source of dsrhaslab/lazyfs (commit a47a5bae was tried). Its two CMake files fetch spdlog and toml11 from the
   network; point them at Debian's packages instead, and link fmt. Build libs/libpcache first, then lazyfs.
3. LAZYFS=/path/to/lazyfs python -m tests.faults lazyfs --times 6

The simulated disk of `python -m tests.faults power` needs none of this.
"""
CONFIG = """\
[faults]
fifo_path = "{fifo}"
[cache]
apply_eviction = false
[cache.simple]
custom_size = "0.5GB"
blocks_per_page = 1
[filesystem]
log_all_operations = false
logfile = "{log}"
"""
FORGET = b"lazyfs::clear-cache\n"
LONGEST = 10.0  # seconds until it is mounted


def missing() -> str:
    """Why it cannot be used; empty if it can."""
    if not Path("/dev/fuse").exists():
        return "there is no /dev/fuse"
    if not os.access("/dev/fuse", os.W_OK):
        return "/dev/fuse may not be used by this account"
    if _program() is None:
        return "there is no program `lazyfs`"
    if shutil.which("fusermount3") is None:
        return "there is no program `fusermount3`"
    return ""


def _program() -> str | None:
    return shutil.which(os.environ.get("LAZYFS", "lazyfs"))


def run(times: int) -> bool:
    """Print what was lost; whether it was nothing."""
    reason = missing()
    if reason:
        print(NEEDS.format(reason=reason))
        return False
    with TemporaryDirectory(prefix="endterm-lazyfs-") as name:
        outcome = asyncio.run(_lost_power(Path(name), times))
    print(f"{outcome.injected} losses, {len(outcome.history.acknowledged)} acknowledged, {outcome.findings}")
    return not outcome.findings.all


async def _lost_power(folder: Path, times: int) -> Outcome:
    outcome = Outcome("power loss (LazyFS)", times)
    with mounted(folder) as (disk, fifo):
        assert _forgets(disk, fifo), (
            "it does not forget what is not synced: the experiment would show nothing"
        )
        server = Served(disk)
        async with class_of(outcome, server):
            for _ in range(times):
                await some_saves(outcome, STUDENTS * 10)
                server.kill()
                _forget(fifo)
                for shared in disk.glob("*-shm"):
                    shared.unlink()
                outcome.look(server.url)
                await server.start()
    return outcome


def _forgets(disk: Path, fifo: Path) -> bool:
    """The control: something that nobody has synced."""
    file = disk / "unsynced"
    file.write_bytes(b"gone" * 1024)
    _forget(fifo)
    return b"gone" not in file.read_bytes()


def _forget(fifo: Path) -> None:
    fifo.write_bytes(FORGET)
    time.sleep(1)  # it tells a second pipe when it is done, but waits for ever if nobody reads that


@contextmanager
def mounted(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The folder that forgets, and the pipe that tells it to."""
    disk, root, fifo, config = (folder / name for name in ("disk", "root", "fifo", "lazyfs.toml"))
    disk.mkdir()
    root.mkdir()
    config.write_text(CONFIG.format(fifo=fifo, log=folder / "lazyfs.log"))
    program = _program()
    assert program
    options = ["-o", "allow_other", "-o", "modules=subdir", "-o", f"subdir={root}", "-f"]
    process = subprocess.Popen([program, disk, "--config-path", config, *options], stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + LONGEST
        while not (disk.is_mount() and fifo.exists()):
            assert process.poll() is None, "lazyfs has ended"
            assert time.monotonic() < until, "lazyfs does not mount"
            time.sleep(0.1)
        yield disk, fifo
    finally:
        subprocess.run(["fusermount3", "-u", "-z", disk], check=False)
        process.wait(LONGEST)
