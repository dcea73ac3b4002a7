"""The check `entries`: how many things does a text list?"""

import re
from dataclasses import dataclass

from app.grading.checks.frame import CheckKind
from app.grading.types import Verdict, View, met, not_met

_SEPARATOR = re.compile(r"[,;\n/•]|\band\b|\bund\b|(?:^|\s)(?:\d+[.)]|[-*])\s|\.\s")


@dataclass(frozen=True, slots=True)
class Entries:
    """More than so many things are listed: `entries: {more_than: 5}`."""

    more_than: int
    fields: tuple[str, ...] = ()


def entries(rule: Entries, view: View) -> Verdict:
    """Things are what stands between commas, line breaks, bullets and "and"; long sentences are no list."""
    listed = 0
    for name in rule.fields:
        pieces = [piece.strip() for piece in _SEPARATOR.split(view.value(name) or "")]
        listed += sum(1 for piece in pieces if 0 < len(piece.split()) <= 5)
    sentence = f"{listed} things are listed."
    return met(sentence) if listed > rule.more_than else not_met(sentence)


ENTRIES_CHECKS = {"entries": CheckKind(Entries, entries, ("text",), short="more_than")}
