"""The processes of an installation: one for all, or several web processes and one that runs the jobs.

Several need PostgreSQL. On SQLite every write goes through one thread of one process.
"""

import logging
import multiprocessing
import os
import signal
import socket
import sys
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from app import logs
from app.errors import NotReady
from app.jobs import Jobs
from app.main import create_app
from app.measurements import Measurements, forget
from app.services.library import Exams
from app.settings import Settings
from app.store.database import Store
from app.web.patience import PatientProtocol

ONE_ONLY = (
    "On SQLite one process does everything, because one thread writes. Serve with one worker and "
    "without ENDTERM_JOBS=elsewhere, or use PostgreSQL (ENDTERM_DATABASE_URL)."
)
COULD_NOT_START = 3  # exit code; the log says why
LOOK_EVERY = 1.0  # seconds
POLITE = 5
"""How much the jobs stand back (nice) where they share a machine with saves."""

log = logging.getLogger(__name__)


def sockets_at(settings: Settings) -> list[socket.socket]:
    """Take the address, before anything is said about it. Raises NotReady if it is in use or not of this machine."""
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        return [_bound(family, address) for family, _, _, _, address in found]
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotReady(
            f"Endterm cannot serve at {settings.address}: {reason.lower()}. Choose another one with "
            "ENDTERM_HOST and ENDTERM_PORT."
        ) from error


def _bound(family: int, address: Any) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    bound.set_inheritable(True)  # for several web processes
    return bound


def serve_alone(settings: Settings, sockets: list[socket.socket]) -> None:
    """Pages and saves in this process, and the jobs unless they run elsewhere."""
    _begin_at_zero(settings)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), **_options(settings)))
    with suppress(KeyboardInterrupt):
        server.run(sockets)
    if not server.started:
        sys.exit(COULD_NOT_START)


def serve_together(settings: Settings, workers: int, sockets: list[socket.socket]) -> None:
    """So many web processes on one port; and a process for the jobs, unless they run elsewhere."""
    jobs = None if settings.jobs == "elsewhere" else JobProcess()
    os.environ["ENDTERM_JOBS"] = "elsewhere"  # for the web processes, which begin anew and read it
    _begin_at_zero(Settings.from_environment(os.environ))
    if jobs:
        jobs.start()
    try:
        config = uvicorn.Config(
            "app.processes:web_process", factory=True, workers=workers, **_options(settings)
        )
        with suppress(KeyboardInterrupt):
            Multiprocess(config, sockets=sockets).run()
    finally:
        if jobs:
            jobs.stop()


def _begin_at_zero(settings: Settings) -> None:
    """The numbers of an earlier run do not count; a process that runs leaves its own again."""
    if settings.shared_numbers:
        forget(settings.shared_numbers)


def web_process() -> FastAPI:
    """What each of several web processes begins with."""
    settings = Settings.from_environment(os.environ)
    logs.set_up(settings.log_format)
    return create_app(settings)


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "forwarded_allow_ips": settings.trusted_proxies,
        "http": PatientProtocol,
        "ws": "none",
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": 10,
        "log_config": None,
        "access_log": False,
    }


def run_jobs(settings: Settings) -> None:
    """Run jobs until SIGTERM or SIGINT; running ones end first."""
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    with suppress(OSError):
        os.nice(POLITE)
    store = Store(settings.database)
    store.open()
    jobs = Jobs(settings, store, Exams())
    numbers = Measurements(store, settings.directory / "numbers")
    jobs.start()
    numbers.start()
    log.info("the jobs run")
    while not ended.wait(LOOK_EVERY) and not _is_orphan():
        pass
    numbers.stop()
    jobs.stop()
    store.close()
    log.info("the jobs have ended")


def _is_orphan() -> bool:
    """Whether the process that began this one for the jobs is gone."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()


class JobProcess:
    """A process that runs the jobs, begun again whenever it ends."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process = self._context.Process(target=_job_process, name="jobs")
        self._ended = Event()
        self._watch = Thread(target=self._keep_running, name="jobs", daemon=True)

    def start(self) -> None:
        self._process.start()
        self._watch.start()

    def stop(self) -> None:
        self._ended.set()
        self._watch.join()
        self._process.terminate()
        self._process.join()

    def _keep_running(self) -> None:
        while not self._ended.wait(LOOK_EVERY):
            if not self._process.is_alive():
                log.error("the process of the jobs has ended; it is begun again")
                self._process = self._context.Process(target=_job_process, name="jobs")
                self._process.start()


def _job_process() -> None:
    settings = Settings.from_environment(os.environ)
    logs.set_up(settings.log_format)
    run_jobs(settings)
