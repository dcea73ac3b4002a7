"""What `endterm doctor` looks at: each finding says how things stand and, if they are not well, what to do."""

import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from sqlalchemy import literal_column, make_url, select
from sqlalchemy.orm import Session

from app.errors import AppError
from app.exams.loader import ExamFaults
from app.grading import GRADER_VERSION
from app.services.attempts import GRACE
from app.services.library import Exams
from app.settings import Settings
from app.store import migrations, queries, sqlite
from app.store.database import READERS, Store

State = Literal["ok", "note", "wrong"]

LITTLE_SPACE = 1_000_000_000  # bytes
TOO_LITTLE_SPACE = 100_000_000
LARGEST_OFFSET = 1.0  # seconds between two clocks
PATIENCE = timedelta(minutes=2)
"""A sweep comes each minute: what is due for longer, nobody looks after."""

SECRETS = ("token", "secret", "password", "key")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
MAPS = Path("/proc/self/maps")


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` is what to do about a note or a wrong."""

    name: str
    state: State
    text: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, the simplest first. Nothing is changed."""
    yield _versions()
    yield from _settings(settings)
    yield from _disk(settings)
    if settings.is_sqlite and not Path(make_url(settings.database).database or "").exists():
        yield Finding("database", "wrong", "there is none yet", "Run `endterm migrate`.")
        return
    try:
        yield from _with_database(settings)
    except ImportError as error:
        yield Finding(
            "database", "wrong", str(error), "Install the package with its extra: endterm[postgres]."
        )
    except AppError as error:
        reason = f": {error.__cause__}".splitlines()[0] if error.__cause__ else ""
        yield Finding(
            "database", "wrong", f"{error.message}{reason}", "Is its disk full, or not ours to write?"
        )
    except Exception as error:  # noqa: BLE001  (whatever it is, it is the finding)
        reason = str(error).splitlines()[0]
        yield Finding(
            "database", "wrong", f"does not answer: {reason}", "Is it running, and is its address right?"
        )


def _versions() -> Finding:
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("versions", "ok", f"Endterm {version('endterm')}, grader {GRADER_VERSION}, {python}")


def _settings(settings: Settings) -> Iterator[Finding]:
    shown = [f"{name}={_shown(settings, name)}" for name in sorted(Settings.model_fields)]
    yield Finding("settings", "ok", ", ".join(shown))
    if settings.host not in LOOPBACK and not settings.secure_cookies:
        yield Finding(
            "settings",
            "note",
            f"serves on {settings.host} over plain HTTP",
            "Put a proxy with HTTPS before it and set ENDTERM_SECURE_COOKIES=true.",
        )


def _shown(settings: Settings, name: str) -> str:
    """The value, but of a secret only whether it is set."""
    if name == "database_url":
        return make_url(settings.database).render_as_string(hide_password=True)
    value = getattr(settings, name)
    if any(word in name for word in SECRETS):
        return "(set)" if value else "(not set)"
    return str(value)


def _disk(settings: Settings) -> Iterator[Finding]:
    there = next(
        one for one in (settings.directory.absolute(), *settings.directory.absolute().parents) if one.exists()
    )
    free = shutil.disk_usage(there).free
    text = f"{free / 1e9:.1f} GB free at {settings.directory}"
    if free < TOO_LITTLE_SPACE:
        yield Finding("disk", "wrong", text, "Make room: without it no answer can be saved.")
    elif free < LITTLE_SPACE:
        yield Finding("disk", "note", text, "A class of 300 needs about 200 MB for an exam.")
    else:
        yield Finding("disk", "ok", text)


def _with_database(settings: Settings) -> Iterator[Finding]:
    store = Store(settings.database)
    with store.read() as db:
        db.execute(select(1))
    store.open()  # finds out whether the database can be written to
    try:
        with store.read() as db:
            yield from _builds() if settings.is_sqlite else _server(db)
            yield from _tables(db)
            if migrations.revision(db.connection()) == migrations.head():
                now = datetime.now(UTC)
                for look in (_clock, _exams, _people, _jobs):
                    yield from look(db, now)
    finally:
        store.close()


def _builds() -> Iterator[Finding]:
    """Which SQLite libraries are in this process, after everything that uses one has been imported."""
    from app import main  # noqa: F401

    text = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < sqlite.OLDEST:
        yield Finding("sqlite", "wrong", f"{text} can lose saved answers", "Install the package pysqlite3.")
    if not MAPS.exists():
        yield Finding("sqlite", "ok", text)
        return
    lines = MAPS.read_text().splitlines()
    builds = sorted({line.split()[-1] for line in lines if "sqlite" in line and ".so" in line})
    if len(builds) > 1:
        text = f"{len(builds)} builds in one process: {', '.join(builds)}"
        yield Finding(
            "sqlite", "wrong", text, "Two builds on one file lose rows: remove what brings the other one."
        )
    else:
        yield Finding("sqlite", "ok", f"{text}, one build in the process")


def _server(db: Session) -> Iterator[Finding]:
    release = db.scalar(select(literal_column("current_setting('server_version')")))
    most = int(db.scalar(select(literal_column("current_setting('max_connections')"))) or 0)
    yield Finding(
        "postgresql",
        "ok",
        f"PostgreSQL {release}, at most {most} connections; each process of Endterm takes up to {2 * READERS + 4}",
    )


def _tables(db: Session) -> Iterator[Finding]:
    found, head = migrations.revision(db.connection()), migrations.head()
    if found == head:
        yield Finding("tables", "ok", f"at {head}, the newest step")
    elif found is None or found in migrations.revisions():
        yield Finding("tables", "wrong", f"at {found or 'none'}, not at {head}", "Run `endterm migrate`.")
    else:
        yield Finding(
            "tables", "wrong", f"at {found}, which this release does not know", "Install a newer release."
        )


def _clock(
    db: Session, now: datetime, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    began = clock()
    theirs = queries.clock_of_database(db)
    ours = began + (clock() - began) / 2
    offset = (theirs - ours).total_seconds()
    newest = queries.newest_save_time(db)
    if abs(offset) > LARGEST_OFFSET:
        text = f"the database's clock differs by {offset:+.1f} s"
        yield Finding("clock", "wrong", text, "Let both machines keep time by NTP.")
    elif newest and newest > now + timedelta(seconds=LARGEST_OFFSET):
        ahead = (newest - now).total_seconds()
        text = f"the newest save is {ahead:.0f} s ahead of this clock"
        yield Finding("clock", "wrong", text, "The clock was set back: set it right before an exam begins.")
    else:
        yield Finding(
            "clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC, the database's differs by {offset:+.3f} s"
        )


def _exams(db: Session, _now: datetime) -> Iterator[Finding]:
    found, parsed = queries.catalogue(db), Exams()
    for one in found:
        try:
            parsed.of(db, one.id)
        except ExamFaults as faults:
            text = f"{one.title}: {str(faults).splitlines()[0]}"
            yield Finding("exams", "wrong", text, "This release cannot read it: publish a mended version.")
    if found:
        yield Finding("exams", "ok", f"{len(found)} published: {', '.join(one.title for one in found)}")
    else:
        yield Finding("exams", "note", "none is published", "Run `endterm load FILE`.")


def _people(db: Session, _now: datetime) -> Iterator[Finding]:
    demo = queries.demo_accounts(db)
    if demo:
        text = f"{demo} demo accounts, whose password everybody knows"
        yield Finding(
            "accounts", "note", text, "They work on this machine only; a real exam is better without them."
        )
    if queries.has_administrator(db):
        yield Finding("accounts", "ok", "there is an administrator")
    else:
        text = "the only administrator is a demo account" if demo else "there is no administrator"
        yield Finding("accounts", "note", text, "`endterm serve` prints a link that makes one.")


def _jobs(db: Session, now: datetime) -> Iterator[Finding]:
    overdue = len(queries.overdue(db, now - GRACE - PATIENCE, limit=10_000))
    unmarked = len(queries.unmarked_since(db, now - PATIENCE))
    if overdue or unmarked:
        text = f"{overdue} attempts are over and not closed, {unmarked} are handed in and not marked"
        yield Finding(
            "jobs", "note", text, "Start `endterm serve`, or `endterm worker` where jobs run elsewhere."
        )
    else:
        yield Finding("jobs", "ok", "nothing is overdue")


def is_well(findings: list[Finding]) -> bool:
    return all(one.state != "wrong" for one in findings)


def as_line(one: Finding) -> str:
    """For people: the state first, what to do below."""
    line = f"{one.state:<6} {one.name:<11} {one.text}"
    return f"{line}\n{'':<19}→ {one.advice}" if one.advice else line
