"""What a word hints at, remembered with it, so that slow patterns are tried only in texts where they may find something."""

import re

from app.grading.language.folding import folded
from app.grading.language.spelling import function_word

MENDS, CORRECTS, DOUBTS, MEANS = 1, 2, 4, 8  # bits
# One of them is in a word of every correction ("no wait", "~~this~~") but "I mean", of which the word is mostly the average.
_OF_CORRECTIONS = re.compile(
    r"~~|wait|scratch|strike|correction:|sorry,|oops|no[,!:]|actually|nein|quatsch|wrong|falsch|opposite|reverse|andersrum|umgekehrt"
    r"|^\W*(?:a?round|hm+)\b"
)
# One of them is in a word of all that makes an answer doubtful: hedges, alternatives, what is said to be false or asked.
_OF_DOUBTS = (
    *("maybe", "perhaps", "possibly", "probably", "might", "presumably", "guess", "suppose", "think", "believe", "sure"),
    *("idea", "could", "somehow", "something", "vielleicht", "wahrscheinlich", "either", "oder", "one", "?"),
    *("wrong", "false", "true", "nonsense", "nobody", "disagree", "case"),
)  # fmt: skip
_OR = re.compile(r"or(?<!\wor)\b")
_WORD = re.compile(r"\w+")


def signs_of(written: str) -> int:
    """The bits of what stands between two spaces.

    "nto" is to be mended, "wait," may be of a correction, "perhaps" of a doubt; "gradient" hints at nothing.
    """
    small = folded(written)
    mends = MENDS * (mended(written) != written)
    corrects = CORRECTS * (_OF_CORRECTIONS.search(small) is not None) | MEANS * ("mean" in small)
    doubts = DOUBTS * (any(map(small.__contains__, _OF_DOUBTS)) or _OR.search(small) is not None)
    return mends | corrects | doubts


def mended(written: str) -> str:
    """The same with words such as "nto" as the function words that they are; as long as before."""
    return _WORD.sub(_unswapped, written)


def _unswapped(match: re.Match[str]) -> str:
    typed = match.group()
    meant = function_word(typed.lower())
    return typed if meant == typed.lower() else meant
