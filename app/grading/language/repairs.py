"""Words that are replaced by others within a statement: "train on one, no, on four" means "train on four"."""

import re
from itertools import islice

from app.grading.language.blanks import blanked

# Between what was said and what is said instead; a yes or no that answers is not meant.
INSTEAD = re.compile(
    r"""(?:(?<=\w)(?<!wait)[,;]|\.{2,}|…|\s[–-])\s*
    (?:(?:no|nein)(?:,?\s+(?:sorry|wait))?[,!:]|(?P<also>(?:wrong|falsch)[,:]|sorry,|i\s+meant?\b,?|wait,?\s+no,))\s+
    (?!wait|sorry|i\b|my\b|no\b|not\b|ran\b|(?:the\s+)?(?:other\s+way|opposite|reverse)|vice|andersrum|umgekehrt)(?=\w)""",
    re.IGNORECASE | re.VERBOSE,
)
MOST_REPAIRS = 40
REPAIR_WORDS = 4  # a repair that takes up no word again is at most as long, as is what it replaces
_REPAIR = re.compile(
    r"(?:(?:it|that|this)(?:['’]s|\s+is)\s+)?((?:(?!\b(?:because|since|weil|da)\b)[^.,;:()\n])+)",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\bnot\b|n['’]t\b|\bnicht\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ANSWERS = frozenset(
    "yes no ja nein wait well so then hence therefore but aber also in for if when given under with would".split()
)
_MERELY = frozenset("only just rather nur".split())  # "on all, no, only on one" takes up "on"
_REASONS = frozenset("because since as bc weil da not".split())
# Words of which the one is often written for the other: "they have the same, no, different distributions".
_PAIRS = (
    "same different|identical different|equal different|high low|higher lower|large small|larger smaller|bigger smaller|big small"
    "|more less|more fewer|increase decrease|increases decreases|train test|training test|train validation|test validation"
    "|web phone|positive negative|forward backward|input output|first last|max min|faster slower|cheap expensive|over under"
    "|overfitting underfitting|with without|full mini|all one"
)
_OPPOSITES = frozenset(frozenset(pair.split()) for pair in _PAIRS.split("|"))


def repaired(text: str) -> str:
    """The text without words that a ", no, " replaces: "train on one, no, on four" keeps "train on four"."""
    for match in islice(INSTEAD.finditer(text), MOST_REPAIRS):
        start = _replaced_from(text, match)
        if start is not None:
            text = text[:start] + blanked(text[start : match.end()]) + text[match.end() :]
    return text


def _replaced_from(text: str, match: re.Match[str]) -> int | None:
    """Where that begins which a repair replaces: the last place of its first word or of its opposite, or a few words.

    None if it is no repair.
    """
    begin = max(text.rfind(sign, 0, match.start()) for sign in ".,;:(\n") + 1
    before = list(_WORD.finditer(text, begin, match.start()))
    repair = _REPAIR.match(text, match.end())
    after = _WORD.findall(repair[1].lower()) if repair else []
    if not before or not after or after[0] in _REASONS or (repair and _DENIES.search(repair[1])):
        return None  # "it vanishes, no, it does not explode" goes on to answer
    first = before[0].group().lower()
    if first in _ANSWERS and first != after[0]:
        return None
    if after[0] in _MERELY:
        del after[0]
    for word in reversed(before):
        if after and (word.group().lower() == after[0] or {word.group().lower(), after[0]} in _OPPOSITES):
            return word.start()
    told = [word.group().lower() for word in before]
    if len(after) > 1 and after[1] in told[1:]:  # "Newton approximates, no, BFGS approximates it"
        return before[len(told) - 1 - told[::-1].index(after[1]) - 1].start()
    short = len(after) <= REPAIR_WORDS and len(before) <= REPAIR_WORDS
    return before[0].start() if short and not match["also"] else None
