"""Saved answers of parts: what a save brings, what is known of the newest one, and who keeps it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Row, select

from app.store.models import Answer

Key = tuple[int, str]
"""An attempt's id and a part."""


class Head(NamedTuple):
    """The newest save of a part, without its answer. `tab` and `counter` together name one save."""

    counter: int
    tab: str
    blank: bool
    saved_at: datetime
    save_id: int = 0


class NewSave(NamedTuple):
    """A save that has passed every check. `answer` is the JSON of the part's fields."""

    attempt_id: int
    part: str
    counter: int
    tab: str
    answer: str
    blank: bool
    flagged: bool
    saved_at: datetime  # in UTC

    @property
    def key(self) -> Key:
        return self.attempt_id, self.part


class SavedAnswer(NamedTuple):
    """The newest saved state of a part: its answer as JSON, and whether the student flagged it for later."""

    part: str
    answer: str
    counter: int
    blank: bool
    flagged: bool
    saved_at: datetime


class SavedAnswers(Protocol):
    """Keeps the newest state of each part; SQLite and PostgreSQL do it in their own ways."""

    def heads(self, connection: Connection, keys: Iterable[Key]) -> dict[Key, Head]:
        """The newest saves of these parts, as the writer's transaction sees them."""

    def add(self, connection: Connection, saves: Sequence[NewSave]) -> set[Key]:
        """Store saves in their order; gives back the parts where another process stored a newer one first."""

    def settle(self, connection: Connection, attempt_ids: Collection[int]) -> dict[int, dict[str, str]]:
        """Bring the table `answers` up to date for attempts that are being closed. Gives what it now holds of
        each of them: the answers (JSON) by part."""

    def of_open(self, attempt_id: int) -> dict[str, SavedAnswer]:
        """What an open attempt holds now, by part. Reads by itself, from any thread."""

    def committed(self) -> None: ...

    def rolled_back(self) -> None: ...

    def forget_closed(self, connection: Connection) -> None:
        """Forget what is remembered of attempts that are over, once this is committed."""


def saved_answer(row: Row[*tuple[Any, ...]]) -> SavedAnswer:
    """From a row of the journal or of `answers`."""
    return SavedAnswer(row.part, row.answer, row.counter, row.blank, row.flagged, row.saved_at)


def settled_heads(connection: Connection, keys: list[Key]) -> dict[Key, Head]:
    """Heads out of the table `answers`."""
    if not keys:
        return {}
    columns = (Answer.attempt_id, Answer.part, Answer.counter, Answer.tab, Answer.blank, Answer.saved_at)
    attempts = sorted({attempt_id for attempt_id, _ in keys})
    rows = connection.execute(select(*columns).where(Answer.attempt_id.in_(attempts)))
    return {(row.attempt_id, row.part): Head(row.counter, row.tab, row.blank, row.saved_at) for row in rows}
