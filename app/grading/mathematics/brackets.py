"""Brackets in a text: where one closes, and what stands inside at the top level."""

import re

from app.grading.mathematics.tokens import Tok
from app.grading.mathematics.vocabulary import CLOSERS, OPENERS

_BRACKET = re.compile(f"([{re.escape(''.join(OPENERS))}])|[{re.escape(''.join(CLOSERS))}]")
_RELATION = re.compile(r"[<>=≤≥≠]|\\(?:leq?|geq?|lt|gt|neq?)(?![a-z])")


def matching(text: str, start: int) -> int:
    """Where the bracket at `start` closes; the end of the text if it never does."""
    level = 0
    for found in _BRACKET.finditer(text, start):
        if found.lastindex:
            level += 1
        else:
            level -= 1
            if level <= 0:
                return found.start()
    return len(text)


def deepest(text: str) -> int:
    """How deep brackets are nested."""
    level = most = 0
    for sign in text:
        if sign in OPENERS:
            level += 1
            most = max(most, level)
        elif sign in CLOSERS:
            level = max(level - 1, 0)
    return most


def has_relation(text: str) -> bool:
    """Whether a condition such as `y > 0` stands in the text."""
    return _RELATION.search(text) is not None


def splits_at_top(tokens: list[Tok]) -> int:
    """The place where the bracket that opens the tokens closes."""
    level = 0
    for at, token in enumerate(tokens):
        level += (token.kind == "LPAR") - (token.kind == "RPAR")
        if level == 0:
            return at
    return len(tokens)


def outside(text: str) -> str:
    """The text without what stands in brackets."""
    if OPENERS.keys().isdisjoint(text):
        return text
    kept, level = [], 0
    for sign in text:
        level += sign in OPENERS
        if level <= 0:
            kept.append(sign)
        level -= sign in CLOSERS
    return "".join(kept)
