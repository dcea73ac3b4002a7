"""Saving answers: many at a time, each decided by itself, and never marked.

Gather what the requests are about, decide each by `decide`, store what was accepted.
"""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection

from app.services.known import Known
from app.services.late_saves import keep_apart
from app.services.save_rules import Outcome, SaveReply, SaveRequest, Session, Sitting, decide, is_blank
from app.store.database import Store
from app.store.saved import Head, Key, NewSave
from app.store.upsert import Claim, Upsert

__all__ = ["Outcome", "SaveReply", "SaveRequest", "Saves", "decide", "is_blank"]


class Saves:
    """Work for the writer: `store.writer.add(saves, request)`, or `run_all` with all the parts of a form."""

    only_saves = True

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = Known(store)
        saved = store.saved
        self.at_once = partial(self._at_once, saved) if isinstance(saved, Upsert) else None

    def __call__(self, connection: Connection, requests: list[SaveRequest]) -> list[SaveReply]:
        sessions, sittings = self._known.look_up(connection, requests)
        keys = {(sittings[one.attempt].id, one.part) for one in requests if one.attempt in sittings}
        batch = _Batch(self._store.saved.heads(connection, keys))
        for one in requests:
            batch.take(one, sessions.get(one.token_hash), sittings.get(one.attempt))
        if batch.late:
            batch.kept(keep_apart(connection, batch.late.values()))
        overtaken = self._store.saved.add(connection, batch.accepted)
        if overtaken:
            batch.overtake(self._store.saved.heads(connection, overtaken))
        return batch.replies

    def _at_once(
        self, saved: Upsert, connection: Connection, requests: list[SaveRequest]
    ) -> list[SaveReply | None]:
        """The plain saves of a group, decided by what is remembered and stored by one statement that commits
        itself, if that still holds; None for all others. On PostgreSQL each question takes its time."""
        sessions, sittings = self._known.believed(connection, requests)
        plain = _Plain()
        for place, one in enumerate(requests):
            plain.take(place, one, sessions.get(one.token_hash), sittings.get(one.attempt))
        replies: list[SaveReply | None] = [None] * len(requests)
        for place in saved.add_claimed(connection, plain.claims):
            replies[place] = plain.replies[place]
        return replies


class _Plain:
    """The saves of a group that nothing speaks against but perhaps what is stored of their parts already."""

    def __init__(self) -> None:
        self._heads: dict[Key, Head] = {}
        self.claims: list[Claim] = []
        self.replies: dict[int, SaveReply] = {}

    def take(self, place: int, one: SaveRequest, session: Session | None, sitting: Sitting | None) -> None:
        if session is None or sitting is None or (one.blank and not one.cleared):
            return
        save = _new_save(one, (sitting.id, one.part))
        if decide(one, session, sitting, self._heads.get(save.key)) is Outcome.SAVED:
            head = self._heads[save.key] = Head(save.counter, save.tab, save.blank, save.saved_at)
            self.claims.append(Claim(place, one.token_hash, *session, sitting.deadline, save))
            self.replies[place] = _reply(Outcome.SAVED, session, sitting, head)


class _Batch:
    """The replies to a run of requests; each sees the ones before it."""

    def __init__(self, heads: dict[Key, Head]) -> None:
        self._heads = heads
        self._keys: list[Key | None] = []
        self.replies: list[SaveReply] = []
        self.accepted: list[NewSave] = []
        self.late: dict[int, NewSave] = {}
        """What came too late, by its place among the requests."""

    def take(self, one: SaveRequest, session: Session | None, sitting: Sitting | None) -> None:
        key = (sitting.id, one.part) if sitting else None
        head = self._heads.get(key) if key else None
        outcome = decide(one, session, sitting, head)
        if outcome is Outcome.SAVED and key:
            head = self._accept(_new_save(one, key))
        elif outcome is Outcome.CLOSED and key:
            self.late[len(self.replies)] = _new_save(one, key)
        self._keys.append(key)
        self.replies.append(_reply(outcome, session, sitting, head))

    def _accept(self, save: NewSave) -> Head:
        self.accepted.append(save)
        head = self._heads[save.key] = Head(save.counter, save.tab, save.blank, save.saved_at)
        return head

    def kept(self, kept: Iterable[bool]) -> None:
        """Say of every late save whether there was room for it."""
        for place, is_kept in zip(self.late, kept, strict=True):
            self.replies[place] = self.replies[place]._replace(kept=is_kept)

    def overtake(self, heads: dict[Key, Head]) -> None:
        """Another process stored something newer of these parts between our looking and our storing."""
        for place, (key, reply) in enumerate(zip(self._keys, self.replies, strict=True)):
            if key in heads and reply.outcome is Outcome.SAVED:
                head = heads[key]
                self.replies[place] = reply._replace(
                    outcome=Outcome.OLDER, counter=head.counter, saved_at=head.saved_at
                )


def _new_save(one: SaveRequest, key: Key) -> NewSave:
    return NewSave(*key, one.counter, one.tab, one.answer, one.blank, one.flagged, one.arrived)


def _reply(
    outcome: Outcome, session: Session | None, sitting: Sitting | None, head: Head | None
) -> SaveReply:
    if sitting is None or session is None or outcome in (Outcome.SIGNED_OUT, Outcome.UNKNOWN):
        return SaveReply(outcome, user_id=session.user_id if session and outcome is Outcome.UNKNOWN else 0)
    if head is None:
        return SaveReply(outcome, sitting.id, deadline=sitting.deadline)
    return SaveReply(outcome, sitting.id, head.counter, head.saved_at, sitting.deadline)
