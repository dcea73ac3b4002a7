"""Servers in processes of their own on a core of their own, and how quiet the machine was meanwhile."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORES = sorted(os.sched_getaffinity(0))
SERVER, GENERATOR, EVERYWHERE = {CORES[0]}, {CORES[-1]}, set(CORES)
READY = b"ready\n"


@contextmanager
def pinned(cores: set[int] = GENERATOR) -> Iterator[None]:
    """This process on some cores only."""
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, EVERYWHERE)


class Server:
    """An app of `tests.benchmarks.apps` on a free port, while the `with` block runs."""

    def __init__(
        self,
        app: str,
        environment: Mapping[str, str] | None = None,
        *,
        cores: set[int] = SERVER,
        workers: int = 1,
    ) -> None:
        self._command = [sys.executable, "-m", "tests.benchmarks.apps", app, ",".join(map(str, cores))]
        self._environment = {**os.environ, **(environment or {})}
        self._workers = workers
        self._processes: list[subprocess.Popen[bytes]] = []
        self.port = 0

    def __enter__(self) -> "Server":
        """Each worker has a socket of its own at the same port, so that the kernel shares connections out."""
        sockets: list[socket.socket] = []
        try:
            for _ in range(self._workers):
                sockets.append(_listening(self.port))
                self.port = sockets[0].getsockname()[1]
                self._processes.append(self._start(sockets[-1].fileno()))
            for process in self._processes:
                assert process.stdout
                if process.stdout.readline() != READY:
                    raise RuntimeError(f"the server did not start: {' '.join(self._command)}")
        except BaseException:
            self.__exit__()
            raise
        finally:
            for one in sockets:
                one.close()
        return self

    def _start(self, file: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*self._command, str(file)],
            cwd=ROOT,
            env=self._environment,
            pass_fds=[file],
            stdout=subprocess.PIPE,
        )

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        self._processes.clear()

    @property
    def memory(self) -> int:
        """Resident bytes of all workers."""
        pages = (int(Path(f"/proc/{one.pid}/statm").read_text().split()[1]) for one in self._processes)
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def _listening(port: int) -> socket.socket:
    """A socket at a port, or at a free one if it is 0."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind(("127.0.0.1", port))
    one.listen(2048)
    return one


class Quiet:
    """How much of the machine others took since this was made."""

    def __init__(self) -> None:
        self._began = time.monotonic(), *_busy_and_stolen(), _own()

    def others(self) -> tuple[float, float]:
        """Cores used by processes that are not ours, and stolen from the machine."""
        began, busy, stolen, own = self._began
        busy_now, stolen_now = _busy_and_stolen()
        seconds = time.monotonic() - began
        foreign = busy_now - busy - (_own() - own)
        return max(0.0, foreign) / seconds, (stolen_now - stolen) / seconds


def _busy_and_stolen() -> tuple[float, float]:
    """Seconds of all cores since the machine started."""
    counted = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    user, nice, system, _, _, hard, soft, stolen = (int(one) / os.sysconf("SC_CLK_TCK") for one in counted)
    return user + nice + system + hard + soft, stolen


def _own() -> float:
    """Seconds of this process and of those it started and has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
