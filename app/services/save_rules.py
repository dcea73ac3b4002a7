"""What a save is, and what becomes of it: decided from values, without a database."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from app.services.attempts import GRACE
from app.store.saved import Head

DEEPEST = 8  # levels below which nobody looks whether an answer is blank

# Named tuples rather than dataclasses: thousands of each are made in a second, and these are made faster.


class SaveRequest(NamedTuple):
    """A part's whole state as a browser tab holds it.

    `tab` names the page load. `counter` grows with each change of the part, over all tabs: one more than the
    greatest that the tab knows, or the server's time in milliseconds if that is more. So the newer change has
    the greater counter, whenever it arrives. `answer` is JSON; `blank`: nothing is entered in it; `cleared`:
    the student emptied it on purpose. `arrived` is when the server received it, so that waiting for the
    writer costs nobody an answer.
    """

    token_hash: bytes
    attempt: str
    part: str
    counter: int
    tab: str
    answer: str
    blank: bool
    cleared: bool
    flagged: bool
    arrived: datetime


class Outcome(Enum):
    """What becomes of a save."""

    SAVED = "saved"
    REPEATED = "repeated"  # this save or a later one of the same tab is stored already
    SIGNED_OUT = "signed-out"
    UNKNOWN = "unknown"  # no such attempt, or somebody else's: the two look the same
    NO_PART = "no-part"  # the exam of one's own attempt has no such part
    CLOSED = "closed"  # handed in, or the time is over; kept apart for the staff while there is room
    OLDER = "older"  # another tab has saved a newer change of the part
    EMPTY = "empty"  # nothing would replace something, and nobody said that it is meant


class SaveReply(NamedTuple):
    """`counter` and `saved_at` are those of the newest save of the part, whoever made it.

    `user_id` is who sent it, where the attempt is not theirs. `kept`: a late save is kept apart for the staff.
    """

    outcome: Outcome
    attempt_id: int = 0
    counter: int = 0
    saved_at: datetime | None = None
    deadline: datetime | None = None
    user_id: int = 0
    kept: bool = False


class Session(NamedTuple):
    """Who is signed in, and until when."""

    user_id: int
    expires_at: datetime


class Sitting(NamedTuple):
    """What a save needs to know of an attempt."""

    id: int
    user_id: int
    state: str
    deadline: datetime
    parts: frozenset[str]


def decide(one: SaveRequest, session: Session | None, sitting: Sitting | None, head: Head | None) -> Outcome:
    """What becomes of a save, by who is signed in, the attempt it is for, and the newest save of its part.

    A repeat counts as saved even after the end: the browser only missed the first answer.
    """
    if session is None or one.arrived >= session.expires_at:
        return Outcome.SIGNED_OUT
    if sitting is None or sitting.user_id != session.user_id:
        return Outcome.UNKNOWN
    if one.part not in sitting.parts:
        return Outcome.NO_PART
    if head is not None and head.tab == one.tab and one.counter <= head.counter:
        return Outcome.REPEATED
    if sitting.state != "open" or one.arrived > sitting.deadline + GRACE:
        return Outcome.CLOSED
    if head is not None and one.counter <= head.counter:
        return Outcome.OLDER
    if one.blank and not one.cleared and head is not None and not head.blank:
        return Outcome.EMPTY
    return Outcome.SAVED


def is_blank(answer: Mapping[str, Any]) -> bool:
    """Whether no field holds anything. The list [] of a field is an answer: "none of these"."""
    return all(value != [] and _is_nothing(value, DEEPEST) for value in answer.values())


def _is_nothing(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict | list) and depth:
        inner = value.values() if isinstance(value, dict) else value
        return all(_is_nothing(one, depth - 1) for one in inner)
    return value is None
