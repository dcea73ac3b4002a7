"""A room full of students in the middle of the IDL endterm: the database that every benchmark begins with."""

import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec

from app.exams.loader import Exam, load_exam
from app.services import library
from app.services.tokens import hash_of, new_public_id, new_token
from app.store.database import Store
from app.store.migrations import migrate
from app.store.models import Attempt, ExamVersion, SignIn, User
from app.store.saved import NewSave
from tests.benchmarks.machine import ROOT

EXAM = ROOT / "exams" / "idl-endterm-ws2021.yaml"
STUDENTS = 2_000
ANSWERED = 0.7  # of the parts of an attempt


@dataclass(frozen=True, slots=True)
class Sitting:
    """One student's open attempt, and the token of the browser it is sat in."""

    number: int
    attempt: str
    token: str

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"/attempts/{self.attempt}"

    @property
    def headers(self) -> str:
        """What a browser sends beside the request itself, as lines."""
        return f"host: 127.0.0.1\r\ncookie: endterm={self.token}\r\nsec-fetch-site: same-origin\r\n"


class ClassRoom:
    """Filled once, copied for each server. Chance is seeded: each run gets the same answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.chance = random.Random(2021)
        self.sittings: list[Sitting] = []

    @cached_property
    def exam(self) -> Exam:
        return load_exam(EXAM)

    @property
    def parts(self) -> list[str]:
        return list(self.exam.parts)

    @cached_property
    def _template(self) -> Path:
        file = self._folder / "template.sqlite3"
        self.sittings = fill(f"sqlite:///{file}", self.exam, self.chance)
        return file

    def prepare(self) -> None:
        """Fill the first database, so that no benchmark's time goes into it."""
        _ = self._template

    @contextmanager
    def database(self) -> Iterator[Path]:
        """A fresh copy: everybody has begun, nobody has handed in. It is gone after the block."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield Path(shutil.copy(self._template, Path(folder) / "endterm.sqlite3"))


def environment(database: Path) -> dict[str, str]:
    """The settings of a server with this database."""
    return environment_of(f"sqlite:///{database}", database.parent)


def environment_of(url: str, folder: Path) -> dict[str, str]:
    """The settings of a server with the database at this address."""
    return {
        "ENDTERM_DIRECTORY": str(folder),
        "ENDTERM_DATABASE_URL": url,
        "ENDTERM_SAVES_PER_SECOND": "1000000",  # the same few attempts save more than any student would
    }


def fill(url: str, exam: Exam, chance: random.Random, students: int = STUDENTS) -> list[Sitting]:
    """Migrate a database and put the room into it."""
    migrate(url)
    store = Store(url)
    store.open()
    try:
        return _fill(store, exam, chance, students)
    finally:
        store.close()


def _fill(store: Store, exam: Exam, chance: random.Random, students: int) -> list[Sitting]:
    now = datetime.now(UTC)
    figures = {one.name: one.read_bytes() for one in EXAM.with_suffix("").glob("*.svg")}
    version = store.write(lambda db: library.publish(db, exam, now, figures)).version
    users = [_student(number, now) for number in range(students)]
    store.write(lambda db: db.add_all(users))
    tokens = [new_token() for _ in users]
    attempts = [_attempt(version, one.id, now) for one in users]
    lasts = now + timedelta(days=1)
    store.write(lambda db: db.add_all([*attempts, *(
        SignIn(token_hash=hash_of(token), user_id=user.id, created_at=now, expires_at=lasts)
        for user, token in zip(users, tokens, strict=True)
    )]))  # fmt: skip
    saves = [save for one in attempts for save in _saves(one.id, exam, chance, now)]
    store.write(lambda db: store.saved.add(db.connection(), saves))
    return [
        Sitting(number, one.public_id, token)
        for number, (one, token) in enumerate(zip(attempts, tokens, strict=True))
    ]


def _student(number: int, now: datetime) -> User:
    return User(
        email=f"student{number}@example.org",
        name=f"Student {number}",
        role="student",
        password_hash="nobody signs in with this",
        active=True,
        demo=False,
        created_at=now,
    )


def _attempt(version: ExamVersion, user_id: int, now: datetime) -> Attempt:
    return Attempt(
        public_id=new_public_id(),
        user_id=user_id,
        exam_id=version.exam_id,
        version_id=version.id,
        state="open",
        started_at=now,
        deadline=now + timedelta(minutes=version.minutes),
        extra_minutes=0,
        first_save=0,
    )


def _saves(attempt_id: int, exam: Exam, chance: random.Random, now: datetime) -> Iterator[NewSave]:
    for part, answer in answers(exam, chance).items():
        yield NewSave(attempt_id, part, 1, "first-tab", answer, False, chance.random() < 0.1, now)


def answers(exam: Exam, chance: random.Random, share: float = ANSWERED) -> Mapping[str, str]:
    """What one student has written: of each part at random one of the answers that the exam file has for it."""
    written = {}
    for part in exam.document.parts:
        samples: Sequence[object] = [one.answer for one in part.samples if one.answer]
        if samples and chance.random() < share:
            written[part.id] = msgspec.json.encode(chance.choice(samples)).decode()
    return written
