"""Every question that is asked of the database. Each answers with all that its page or service needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload, undefer

from app.store.models import (
    Acceptance,
    Answer,
    Attempt,
    Exam,
    ExamFigure,
    ExamVersion,
    Extension,
    Invitation,
    LateSave,
    Mark,
    Save,
    SignIn,
    User,
)

# People.


def user_by_email(db: Session, email: str) -> User | None:
    return db.scalar(select(User).where(User.email == email))


def user_of_token(db: Session, token_hash: bytes, now: datetime) -> User | None:
    """Who is signed in with this token; nobody if it has ended or the account is switched off."""
    return db.scalar(
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == token_hash, SignIn.expires_at > now, User.active)
    )


def sessions_of(db: Session, user_id: int, now: datetime) -> Sequence[datetime]:
    """When the sessions of a user that have not ended began, the newest first."""
    return db.scalars(
        select(SignIn.created_at)
        .where(SignIn.user_id == user_id, SignIn.expires_at > now)
        .order_by(SignIn.created_at.desc())
    ).all()


def has_administrator(db: Session) -> bool:
    """Demo accounts do not count: they run nothing but a demonstration."""
    return (
        db.scalar(select(User.id).where(User.role == "admin", User.active, ~User.demo).limit(1)) is not None
    )


def demo_accounts(db: Session) -> int:
    """How many there are that can sign in."""
    return db.scalar(select(func.count()).select_from(User).where(User.demo, User.active)) or 0


def open_invitation(db: Session, token_hash: bytes, now: datetime) -> Invitation | None:
    return db.scalar(
        select(Invitation).where(
            Invitation.token_hash == token_hash, Invitation.used_at.is_(None), Invitation.expires_at > now
        )
    )


# Exams.


def catalogue(db: Session) -> Sequence[ExamVersion]:
    """The newest version of every exam, by title, with its exam."""
    newest = select(func.max(ExamVersion.id)).group_by(ExamVersion.exam_id)
    return db.scalars(
        select(ExamVersion)
        .where(ExamVersion.id.in_(newest))
        .options(joinedload(ExamVersion.exam))
        .order_by(ExamVersion.title, ExamVersion.id)
    ).all()


def versions_in_use(db: Session) -> list[int]:
    """The ids of what can be opened now: the newest version of every exam, and older ones that are being sat."""
    newest = select(func.max(ExamVersion.id)).group_by(ExamVersion.exam_id)
    being_sat = select(Attempt.version_id).where(Attempt.state == "open")
    return list(db.scalars(newest.union(being_sat)))


def newest_version(db: Session, slug: str) -> ExamVersion | None:
    """What students sit who start now, with its exam."""
    return db.scalar(
        select(ExamVersion)
        .join(ExamVersion.exam)
        .where(Exam.slug == slug)
        .options(joinedload(ExamVersion.exam))
        .order_by(ExamVersion.id.desc())
        .limit(1)
    )


def version_with_text(db: Session, version_id: int) -> ExamVersion | None:
    """With the text, that other questions leave out."""
    return db.scalar(
        select(ExamVersion).where(ExamVersion.id == version_id).options(undefer(ExamVersion.text))
    )


def figure(db: Session, version_id: int, name: str) -> bytes | None:
    return db.scalar(
        select(ExamFigure.content).where(ExamFigure.version_id == version_id, ExamFigure.name == name)
    )


# Attempts.


def attempt(db: Session, public_id: str) -> Attempt | None:
    """Whoever's it is; pages ask for `own_attempt`."""
    return db.scalar(
        select(Attempt)
        .where(Attempt.public_id == public_id)
        .options(joinedload(Attempt.version).joinedload(ExamVersion.exam))
    )


def own_attempt(db: Session, public_id: str, user_id: int) -> Attempt | None:
    """With version and exam; None for somebody else's as for none at all."""
    found = attempt(db, public_id)
    return found if found is not None and found.user_id == user_id else None


def open_attempt(db: Session, user_id: int, exam_id: int) -> Attempt | None:
    return db.scalar(
        select(Attempt).where(Attempt.user_id == user_id, Attempt.exam_id == exam_id, Attempt.state == "open")
    )


def open_attempts_of(db: Session, email: str) -> Sequence[Attempt]:
    """What a student sits now, with version."""
    return db.scalars(
        select(Attempt)
        .join(Attempt.user)
        .where(User.email == email, Attempt.state == "open")
        .options(joinedload(Attempt.version))
        .order_by(Attempt.id)
    ).all()


def extensions_of(db: Session, attempt_id: int) -> Sequence[Extension]:
    """The extra time that was given to an attempt, in order."""
    return db.scalars(
        select(Extension).where(Extension.attempt_id == attempt_id).order_by(Extension.id)
    ).all()


def attempts_of(db: Session, user_id: int) -> Sequence[Attempt]:
    """All attempts of a student, newest first, with version and exam."""
    return db.scalars(
        select(Attempt)
        .where(Attempt.user_id == user_id)
        .options(joinedload(Attempt.version).joinedload(ExamVersion.exam))
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    ).all()


def last_save(db: Session) -> int:
    """The number of the newest entry in the journal."""
    return db.scalar(select(func.max(Save.id))) or 0


def counts(db: Session) -> dict[tuple[str, str | None], int]:
    """How many attempts there are, by state and by who closed them."""
    rows = db.execute(
        select(Attempt.state, Attempt.closed_by, func.count()).group_by(Attempt.state, Attempt.closed_by)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def overdue(db: Session, before: datetime, limit: int) -> Sequence[int]:
    """Open attempts whose deadline was before this moment, the longest overdue first."""
    return db.scalars(
        select(Attempt.id)
        .where(Attempt.state == "open", Attempt.deadline <= before)
        .order_by(Attempt.deadline)
        .limit(limit)
    ).all()


def ungraded(db: Session, limit: int) -> Sequence[int]:
    """Attempts that are handed in and have no mark yet, the first ones first."""
    return db.scalars(
        select(Attempt.id).where(Attempt.state == "submitted").order_by(Attempt.submitted_at).limit(limit)
    ).all()


def unmarked_since(db: Session, before: datetime) -> Sequence[int]:
    """Attempts that were handed in before this moment and have no mark yet."""
    return db.scalars(
        select(Attempt.id).where(Attempt.state == "submitted", Attempt.submitted_at < before)
    ).all()


def newest_save_time(db: Session) -> datetime | None:
    """When the last answer was saved, by the clock of then."""
    return db.scalar(select(Save.saved_at).order_by(Save.id.desc()).limit(1))


def clock_of_database(db: Session) -> datetime:
    """What the database takes for the time, in UTC."""
    if db.connection().dialect.name == "sqlite":
        told = str(db.scalar(text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")))
        return datetime.fromisoformat(told)
    found: datetime = db.scalars(text("SELECT clock_timestamp()")).one()
    return found


def answers_of(db: Session, attempt_id: int) -> Sequence[Answer]:
    """What was handed in. For an open attempt ask `attempts.saved_answers`."""
    return db.scalars(select(Answer).where(Answer.attempt_id == attempt_id)).all()


def late_saves_of(db: Session, attempt_id: int) -> Sequence[LateSave]:
    """What came too late, in the order of arrival; for the staff."""
    return db.scalars(select(LateSave).where(LateSave.attempt_id == attempt_id).order_by(LateSave.id)).all()


def attempts_with_late_saves(db: Session, limit: int) -> Sequence[tuple[Attempt, int, datetime]]:
    """With student and version, how many parts it is about, and when the last one came; the newest first."""
    late = (
        select(
            LateSave.attempt_id,
            func.count(LateSave.part.distinct()).label("parts"),
            func.max(LateSave.arrived_at).label("last"),
        )
        .group_by(LateSave.attempt_id)
        .subquery()
    )
    rows = db.execute(
        select(Attempt, late.c.parts, late.c.last)
        .join(late, late.c.attempt_id == Attempt.id)
        .options(joinedload(Attempt.user), joinedload(Attempt.version))
        .order_by(late.c.last.desc(), Attempt.id.desc())
        .limit(limit)
    )
    return [(attempt, parts, last) for attempt, parts, last in rows]


def attempt_with_student(db: Session, public_id: str) -> Attempt | None:
    """Whoever's it is, with version, exam and student; for the staff."""
    return db.scalar(
        select(Attempt)
        .where(Attempt.public_id == public_id)
        .options(joinedload(Attempt.version).joinedload(ExamVersion.exam), joinedload(Attempt.user))
    )


def acceptances_of(db: Session, attempt_id: int) -> Sequence[Acceptance]:
    """The decisions about an attempt's late answers, in their order, with who decided."""
    return db.scalars(
        select(Acceptance)
        .where(Acceptance.attempt_id == attempt_id)
        .options(joinedload(Acceptance.user))
        .order_by(Acceptance.id)
    ).all()


def users_by_id(db: Session, ids: Iterable[int]) -> dict[int, User]:
    return {one.id: one for one in db.scalars(select(User).where(User.id.in_(ids)))}


def marks_of(db: Session, attempt_id: int) -> dict[str, Mark]:
    """The marks of an attempt by part, with what they were made from."""
    marks = select(Mark).where(Mark.attempt_id == attempt_id).options(joinedload(Mark.made_from))
    return {one.part: one for one in db.scalars(marks)}
