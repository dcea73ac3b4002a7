"""The tables. Each class says what one row is; what may be asked of them is in `queries`."""

from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.store.columns import BigId, HalfCredits, UtcTime

Role = Literal["student", "ta", "instructor", "admin"]
ROLES: tuple[Role, ...] = ("student", "ta", "instructor", "admin")
State = Literal["open", "submitted", "graded"]
ClosedBy = Literal["student", "deadline", "staff"]

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: UtcTime,
        Fraction: HalfCredits,
        Role: String(16),
        State: String(16),
        ClosedBy: String(16),
    }


class User(Base):
    """A person who signs in. The address is stored in lower case."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role]
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SignIn(Base):
    """A session of a signed-in browser. Only the SHA-256 of its token is stored; deleting the row ends it."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user: Mapped[User] = relationship(lazy="raise")


class Invitation(Base):
    """A link that makes one account with a role; the first administrator comes in by one."""

    __tablename__ = "invitations"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    role: Mapped[Role]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Exam(Base):
    """An exam by its slug; what students sit is its newest version."""

    __tablename__ = "exams"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    versions: Mapped[list["ExamVersion"]] = relationship(back_populates="exam", lazy="raise")


class ExamVersion(Base):
    """The text of an exam as it was published. Never changed: every attempt and mark points at one."""

    __tablename__ = "exam_versions"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, deferred=True)
    title: Mapped[str] = mapped_column(Text)
    subtitle: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    points: Mapped[Fraction]
    parts: Mapped[list[str]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    exam: Mapped[Exam] = relationship(back_populates="versions", lazy="raise")


class ExamFigure(Base):
    """A file that a version's pages show."""

    __tablename__ = "exam_figures"

    version_id: Mapped[int] = mapped_column(ForeignKey("exam_versions.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Attempt(Base):
    """One sitting of one version by one student.

    `deadline` is start + minutes + extra time. `first_save` is the last entry of the journal at its start:
    all its saves come after. Points are sums over the marks, empty until it is graded.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index(
            "uq_attempts_one_open",
            "user_id",
            "exam_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempts_state_deadline", "state", "deadline"),
        Index("ix_attempts_user_id_started_at", "user_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("exam_versions.id"), index=True)
    state: Mapped[State] = mapped_column(default="open")
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    first_save: Mapped[int] = mapped_column(BigId, default=0)
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[ClosedBy | None]
    receipt: Mapped[str | None] = mapped_column(String(64))
    graded_at: Mapped[datetime | None]
    points: Mapped[Fraction | None]
    low: Mapped[Fraction | None]
    high: Mapped[Fraction | None]
    user: Mapped[User] = relationship(lazy="raise")
    version: Mapped[ExamVersion] = relationship(lazy="raise")


class Extension(Base):
    """Extra time that was given to an attempt, for the record."""

    __tablename__ = "extensions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    minutes: Mapped[int]
    given_at: Mapped[datetime]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Save(Base):
    """The journal: every accepted save of a part, only ever added to, kept as the evidence of an exam.

    It has no second index, so that a group of saves is one run of pages at its end.
    """

    __tablename__ = "saves"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  (an id is never given twice)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigId)
    part: Mapped[str] = mapped_column(String(40))
    counter: Mapped[int] = mapped_column(BigId)
    tab: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(Text)
    blank: Mapped[bool]
    flagged: Mapped[bool]
    saved_at: Mapped[datetime]


class Answer(Base):
    """The newest saved state of a part. On SQLite it is filled from the journal when an attempt is closed."""

    __tablename__ = "answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    counter: Mapped[int] = mapped_column(BigId)
    tab: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(Text)
    blank: Mapped[bool]
    flagged: Mapped[bool]
    saved_at: Mapped[datetime]


class LateSave(Base):
    """A save that came after the attempt was over: refused, kept apart for the staff, not graded.

    `uploaded_by` is the user who took it in from a file, where it did not come from a browser.
    """

    __tablename__ = "late_saves"
    __table_args__ = (UniqueConstraint("attempt_id", "part", "counter", "tab", name="uq_late_saves_once"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    part: Mapped[str] = mapped_column(String(40))
    counter: Mapped[int] = mapped_column(BigId)
    tab: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(Text)
    arrived_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(BigId)


class Acceptance(Base):
    """A decision about late answers, for the record: this one counts, or (without one) what was handed in.

    `replaced` is the answer that counted before, None where there was none.
    """

    __tablename__ = "acceptances"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    part: Mapped[str] = mapped_column(String(40))
    late_save_id: Mapped[int | None] = mapped_column(ForeignKey("late_saves.id"))
    replaced: Mapped[str | None] = mapped_column(Text)
    replaced_at: Mapped[datetime | None]
    accepted_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="raise")


class MarkDetail(Base):
    """What marks were made from, kept once for all marks that are made from the same, and never changed.

    `hash` is the SHA-256 of the JSON text.
    """

    __tablename__ = "mark_details"

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class Mark(Base):
    """The mark of one part of one attempt, with all that it was made from."""

    __tablename__ = "marks"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("exam_versions.id"))
    grader_version: Mapped[str] = mapped_column(String(32))
    max: Mapped[Fraction]
    points: Mapped[Fraction]
    low: Mapped[Fraction]
    high: Mapped[Fraction]
    answered: Mapped[bool]
    review: Mapped[bool]
    detail_hash: Mapped[bytes] = mapped_column(ForeignKey("mark_details.hash"))
    graded_at: Mapped[datetime]
    made_from: Mapped[MarkDetail] = relationship(lazy="raise")

    @property
    def detail(self) -> dict[str, Any]:
        return self.made_from.detail
