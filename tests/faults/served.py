"""A real server process, on a port and in a folder of its own, that can be stopped, killed and started again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.wire import Browser, Offline

ROOT = Path(__file__).resolve().parents[2]
PLAIN = (sys.executable, "-c", "from app.cli import main; main()", "serve")
WORKER = (*PLAIN[:-1], "worker")
LONGEST_START = 60.0  # seconds
UNHINDERED = {"ENDTERM_SAVES_PER_SECOND": "10000"}  # these students are faster than people


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Served:
    """`endterm serve` as people run it, or another command that ends in it. Its log is `server.log`."""

    folder: Path
    database_url: str = ""
    command: Sequence[str] = PLAIN
    environment: Mapping[str, str] = field(default_factory=lambda: UNHINDERED)
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.folder / 'endterm.sqlite3'}"

    @property
    def pid(self) -> int:
        assert self._process, "it does not run"
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    async def start(self) -> float:
        """Gives the seconds until it answered; a worker answers nobody, so it is not waited for."""
        begun = time.monotonic()
        self._spawn()
        if self.command == WORKER:
            return 0.0
        browser = Browser(self.port)
        while True:
            assert self._process, "stopped meanwhile"
            assert self._process.poll() is None, f"the server has ended:\n{self.log}"
            assert time.monotonic() < begun + LONGEST_START, f"the server does not answer:\n{self.log}"
            try:
                await browser.get("/sign-in")
            except Offline:
                await asyncio.sleep(0.01)
            else:
                browser.close()
                return time.monotonic() - begun

    def _spawn(self) -> None:
        chosen = {
            "ENDTERM_DIRECTORY": str(self.folder),
            "ENDTERM_PORT": str(self.port),
            "ENDTERM_DATABASE_URL": self.database_url,
        }
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **chosen, **self.environment},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """SIGKILL: no code of ours runs any more."""
        self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, as a service manager sends it. Gives the exit code."""
        return await asyncio.to_thread(self._end, signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(timeout=60)
        self._process = None
        return code
