"""Publishing exams as versions that never change, and keeping the parsed ones at hand."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.exams.loader import Exam, read_exam
from app.services.remembered import RememberedMarks
from app.store import queries
from app.store.models import Exam as ExamRow
from app.store.models import ExamFigure, ExamVersion

NO_FIGURES: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """A version of an exam; `new` is False if just this text had been published before."""

    version: ExamVersion
    new: bool


def publish(db: Session, exam: Exam, now: datetime, figures: Mapping[str, bytes] = NO_FIGURES) -> Published:
    """Make a version of this text and these figures the newest. Running attempts keep theirs."""
    row = _exam_row(db, exam.document.exam)
    newest = queries.newest_version(db, row.slug)
    fingerprint = fingerprint_of(exam, figures)
    if newest is not None and newest.hash == fingerprint:
        return Published(newest, new=False)
    version = _new_version(db, row, exam, fingerprint, now)
    for name, content in figures.items():
        db.add(ExamFigure(version_id=version.id, name=name, content=content))
    db.flush()
    return Published(version, new=True)


def fingerprint_of(exam: Exam, figures: Mapping[str, bytes]) -> str:
    """SHA-256 over all that a version consists of."""
    whole = sha256(exam.hash.encode())
    for name in sorted(figures):
        whole.update(f"\n{name} {sha256(figures[name]).hexdigest()}".encode())
    return whole.hexdigest()


class Exams:
    """Parsed exams of published versions, the last used ones kept, and the marks that their answers got.

    Safe for several threads.
    """

    def __init__(self, keep: int = 16) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._parsed: OrderedDict[int, Exam] = OrderedDict()
        self.marks = RememberedMarks()

    def of(self, db: Session, version_id: int) -> Exam:
        """The exam of a version. Parsing takes a while, and happens once even if all ask at the same time."""
        with self._lock:
            exam = self._parsed.get(version_id) or _parse(db, version_id)
            self._parsed[version_id] = exam
            self._parsed.move_to_end(version_id)
            while len(self._parsed) > self._keep:
                self._parsed.popitem(last=False)
            return exam


def _parse(db: Session, version_id: int) -> Exam:
    version = queries.version_with_text(db, version_id)
    if version is None:
        raise NotFound("There is no such version of an exam.")
    return read_exam(version.text, version.title)


def _exam_row(db: Session, slug: str) -> ExamRow:
    found = db.scalar(select(ExamRow).where(ExamRow.slug == slug))
    if found is None:
        found = ExamRow(slug=slug)
        db.add(found)
        db.flush()
    return found


def _new_version(db: Session, row: ExamRow, exam: Exam, fingerprint: str, now: datetime) -> ExamVersion:
    last = db.scalar(select(func.max(ExamVersion.number)).where(ExamVersion.exam_id == row.id)) or 0
    document = exam.document
    version = ExamVersion(
        exam_id=row.id,
        number=last + 1,
        hash=fingerprint,
        text=exam.text,
        title=document.title,
        subtitle=document.subtitle,
        minutes=document.minutes,
        points=document.points,
        parts=list(exam.parts),
        published_at=now,
    )
    db.add(version)
    db.flush()
    return version
