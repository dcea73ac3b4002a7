"""How an answer is typed must not matter: capitals, gaps, line ends, quotes and labels change no settled mark to another one."""

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from app.exams.loader import load_exam
from app.grading import mark
from tests.exams.test_answers import rows

EXAM = load_exam(Path("exams/idl-endterm-ws2021.yaml"))
EVERY = 12  # of all answers one in so many, another part of them for each manner
SHORTEST = 3  # words: below it is a name, not a sentence

MANNERS: dict[str, Callable[[str], str]] = {
    "in capitals": lambda text: text if "ß" in text else text.upper(),
    "in small letters": str.lower,
    "without a stop at the end": lambda text: text.rstrip("."),
    "with curly quotes": lambda text: text.replace("'", "’"),
    "with wide gaps": lambda text: re.sub(r"(?<!\d) (?!\d)", "  ", text),
    "as a point of a list": lambda text: f"- {text}",
    "after a letter": lambda text: f"a) {text}",
    "after the word answer": lambda text: f"Answer: {text}",
    "without short forms": lambda text: text.replace("don't", "do not").replace("doesn't", "does not"),
}


@pytest.mark.parametrize("manner", MANNERS)
def test_the_manner_of_typing_settles_no_other_mark(manner: str) -> None:
    first = list(MANNERS).index(manner) % EVERY
    looked_at, changed = 0, []
    for _, part, row in islice((one for kind in ("fit", "kept") for one in rows(kind)), first, None, EVERY):
        answer = _typed(part, row["answer"], MANNERS[manner])
        if answer != row["answer"]:
            before, after = _mark(part, row["answer"]), _mark(part, answer)
            looked_at += not before.review
            if not before.review and not after.review and before.points != after.points:
                changed.append(f"{part}: {answer} earns {after.points}, was {before.points}")

    assert looked_at > 5
    assert not changed


def _typed(part: str, answer: dict[str, Any], manner: Callable[[str], str]) -> dict[str, Any]:
    fields = EXAM.parts[part].fields
    return {
        name: manner(value) if fields[name].kind == "text" and len(str(value).split()) >= SHORTEST else value
        for name, value in answer.items()
    }


def _mark(part: str, answer: dict[str, Any]) -> Any:
    return mark(EXAM.parts[part], {part: answer}, EXAM.parts)
