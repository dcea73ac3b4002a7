"""Saved answers on SQLite: an append-only journal, and in memory where in it each part's newest save stands.

Appending is five times as fast as updating a row in place, and the journal is the record of the exam. The
memory is only a view of the journal: it is built from the open attempts at start, follows what other
processes append, and moves on only after a commit. Answers themselves are not held in it.
"""

import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from app.store.columns import stored_text
from app.store.models import Attempt, Save
from app.store.saved import Head, Key, NewSave, SavedAnswer, settled_heads
from app.store.sqlite import driver, quick

_LAST = "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'saves'"
_APPEND = "INSERT INTO saves (id, attempt_id, part, counter, tab, answer, blank, flagged, saved_at) VALUES "
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
_AT_ONCE = (256, 64, 16, 4, 1)  # rows in one statement
_KEPT = "attempt_id, part, counter, tab, answer, blank, flagged, saved_at"
_SETTLE = (
    f"INSERT INTO answers ({_KEPT}) SELECT {_KEPT} FROM saves"  # noqa: S608  (all of it is written above)
    " WHERE id IN (SELECT value FROM json_each(?)) RETURNING attempt_id, part, answer"
)
_SAVED = "SELECT id, answer, flagged FROM saves WHERE id IN (SELECT value FROM json_each(?))"


class Journal:
    """See `SavedAnswers`. `heads`, `add`, `settle` and the two endings belong to the writer's thread."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers
        self._lock = threading.Lock()  # readers may follow other processes while the writer moves on
        self._heads: dict[int, dict[str, Head]] = {}
        self._seen: int | None = None  # the last entry that `_heads` knows
        self._pending: dict[Key, Head] = {}
        self._pending_seen = 0
        self._over: tuple[int, ...] = ()

    def heads(self, connection: Connection, keys: Iterable[Key]) -> dict[Key, Head]:
        self._follow(connection)
        found: dict[Key, Head] = {}
        elsewhere: list[Key] = []
        for key in keys:
            head = self._pending.get(key) or self._heads.get(key[0], {}).get(key[1])
            if head is not None:
                found[key] = head
            elif key[0] not in self._heads:
                elsewhere.append(key)
        return {**found, **settled_heads(connection, elsewhere)}

    def add(self, connection: Connection, saves: Sequence[NewSave]) -> set[Key]:
        self._follow(connection)
        known = max(self._seen or 0, self._pending_seen)
        rows = [
            (save_id, *save[:-3], int(save.blank), int(save.flagged), stored_text(save.saved_at))
            for save_id, save in enumerate(saves, start=known + 1)
        ]
        _append(connection, rows)
        for save_id, save in enumerate(saves, start=known + 1):
            self._pending[save.key] = Head(save.counter, save.tab, save.blank, save.saved_at, save_id)
        self._pending_seen = known + len(rows)
        return set()

    def settle(self, connection: Connection, attempt_ids: Collection[int]) -> dict[int, dict[str, str]]:
        self._follow(connection)
        wanted = set(attempt_ids)
        newest = {
            (one, part): head.save_id for one in wanted for part, head in self._heads.get(one, {}).items()
        }
        newest |= {key: head.save_id for key, head in self._pending.items() if key[0] in wanted}
        run = driver(connection).execute
        run("DELETE FROM answers WHERE attempt_id IN (SELECT value FROM json_each(?))", [_list(wanted)])
        found: dict[int, dict[str, str]] = {one: {} for one in wanted}
        for attempt_id, part, answer in run(_SETTLE, [_list(newest.values())]).fetchall():
            found[attempt_id][part] = answer
        return found

    def of_open(self, attempt_id: int) -> dict[str, SavedAnswer]:
        """Each statement sees a moment of its own: every entry that the memory names was committed before the
        second one begins."""
        with quick(self._readers) as reader:
            if self._is_behind(reader):
                with self._readers.connect() as connection:
                    self._follow(connection)
            parts = self._heads.get(attempt_id, {}).copy()
            heads = {head.save_id: (part, head) for part, head in parts.items()}
            rows = reader.execute(_SAVED, [_list(heads)]).fetchall()
        return {
            part: SavedAnswer(part, answer, head.counter, head.blank, bool(flagged), head.saved_at)
            for save_id, answer, flagged in rows
            for part, head in (heads[save_id],)
        }

    def committed(self) -> None:
        with self._lock:
            for key, head in self._pending.items():
                self._heads.setdefault(key[0], {})[key[1]] = head
            for attempt_id in self._over:
                self._heads.pop(attempt_id, None)
            if self._pending:
                self._seen = max(self._seen or 0, self._pending_seen)
        self.rolled_back()

    def rolled_back(self) -> None:
        self._pending = {}
        self._pending_seen = 0
        self._over = ()

    def forget_closed(self, connection: Connection) -> None:
        remembered = Attempt.id.in_(list(self._heads))
        self._over = tuple(connection.scalars(select(Attempt.id).where(remembered, Attempt.state != "open")))

    def _is_behind(self, connection: sqlite3.Connection) -> bool:
        """Whether anything was appended since; after this process's own saves that is nothing."""
        (last,) = connection.execute(_LAST).fetchone()
        return self._seen is None or last > max(self._seen, self._pending_seen)

    def _follow(self, connection: Connection) -> None:
        """Take in what was appended since."""
        if not self._is_behind(driver(connection)):
            return
        with self._lock:
            (last,) = driver(connection).execute(_LAST).fetchone()
            for row in connection.execute(_newest_since(self._seen)):
                head = Head(row.counter, row.tab, row.blank, row.saved_at, row.save_id)
                parts = self._heads.setdefault(row.attempt_id, {})
                if row.part not in parts or parts[row.part].save_id < head.save_id:
                    parts[row.part] = head
            self._seen = max(self._seen or 0, last)


def _append(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Store rows in few statements. Between two statements another thread may take the interpreter and keep
    it for milliseconds; a statement for each row would give it away a hundred times in a group."""
    run = driver(connection).execute
    start = 0
    for size in _AT_ONCE:
        while len(rows) - start >= size:
            values = [value for row in rows[start : start + size] for value in row]
            run(_APPEND + ", ".join([_ROW] * size), values)
            start += size


def _newest_since(seen: int | None) -> Select[Any]:
    """The newest entries of open attempts, by part; SQLite takes columns beside max() from the same row."""
    is_open = Attempt.state == "open"
    start = select(func.min(Attempt.first_save)).where(is_open).scalar_subquery() if seen is None else seen
    return (
        select(func.max(Save.id).label("save_id"), Save.attempt_id, Save.part)
        .add_columns(Save.counter, Save.tab, Save.blank, Save.saved_at)
        .where(Save.id > start, Save.attempt_id.in_(select(Attempt.id).where(is_open)))
        .group_by(Save.attempt_id, Save.part)
    )


def _list(numbers: Iterable[int]) -> str:
    """A list as one parameter."""
    return f"[{','.join(map(str, numbers))}]"
