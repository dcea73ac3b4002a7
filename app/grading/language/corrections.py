"""What of a text still stands: crossed-out and corrected words and copies of the question are blanked.

Offsets stay as they are: what does not count becomes spaces.
"""

import re
from functools import lru_cache
from itertools import islice

from app.grading.language.blanks import blank, blanked
from app.grading.language.copies import may_be_copied, without_copies
from app.grading.language.lines import unwrapped
from app.grading.language.repairs import INSTEAD, repaired
from app.grading.language.signs import CORRECTS, MEANS, MENDS, mended
from app.grading.language.tokens import signs_in
from app.grading.memory import TEXTS

_CROSSED_OUT = re.compile(r"~~.{1,500}?~~", re.DOTALL)
_CORRECTION = re.compile(
    r"""\b(?:
      (?:no(?:,\s*|\s+|\.{2,}\s*)wait|wait(?:,\s*|\s+|\.{2,}\s*)(?:no|actually)|scratch\s+that|strike\s+that
        |i\s+meant?(?:\s+rather)?|oops|nein,?\s+doch|quatsch)\b[:,]?
    | (?:(?<=[,;–…-]\s)|(?<=[,;–…-]\s\s)|(?<=\.\.\s))(?:no|nein),?\s+
        (?:(?:the\s+)?(?:other\s+way\s+a?round|opposite|reverse)|vice\s+versa|andersrum|umgekehrt)\b[:,]?
    | (?:(?<=[,;–-]\s)|(?<=[,;–-]\s\s))hm+,?\s+no,
    | (?:(?<=[.,;!?–-]\s)|(?<=[.,;!?–-]\s\s))(?:hm+,?\s+(?:actually,?\s+)?|(?:(?:ah|oh),?\s+)?actually,?\s+)(?=(?:no|yes|nein|ja)\s*(?:[,.:;!]|$))
    | (?:(?<=[,;–-]\s)|(?<=[,;–-]\s\s))(?:the\s+)?(?:wrong|other)\s+way\s+a?round\s*[:,]
    | correction:
    | sorry,(?!\s*(?:i|my|no|not|ran|if)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_I_MEAN = re.compile(r"\bi\s+mean", re.IGNORECASE)
_SIDE = re.compile(r"\W*(?:(?P<yes>yes|ja)|(?P<no>no|nein))\b", re.IGNORECASE)
_LONE_NO = re.compile(
    r"\s*[.;]\s*(?:no|nein)\Z", re.IGNORECASE
)  # ". No, the other way round:" goes back beyond the no
_WORD = re.compile(r"\w+")
_PREPOSITIONS = frozenset("of in on by with to from for at von mit im auf".split())
MOST_CORRECTIONS = 40


@lru_cache(maxsize=TEXTS)
def standing(text: str, prompt: str = "") -> str:
    """The text with all that does not count blanked.

    "The mean. No wait, the variance" keeps only "the variance". Function words with two letters swapped ("nto") are mended.
    """
    text = unwrapped(text)
    hints = signs_in(text)
    if hints & MENDS:
        text = mended(text)
    if _may_correct(text, hints):
        text = _without_corrected(repaired(_CROSSED_OUT.sub(blank, text)))
    return without_copies(text, prompt) if prompt and may_be_copied(text, prompt) else text


def uncorrected(text: str) -> str:
    """The text without the words that take something back, which therefore stands: "The mean.          the variance"."""
    if not _may_correct(text, signs_in(text)):
        return text
    return INSTEAD.sub(blank, _CORRECTION.sub(blank, text, MOST_CORRECTIONS), MOST_CORRECTIONS)


def _may_correct(text: str, hints: int) -> bool:
    """Whether there may be a correction: a fast look, in most cases the last."""
    return bool(hints & CORRECTS or (hints & MEANS and _I_MEAN.search(text)))


def _without_corrected(text: str) -> str:
    """The text without the statements that are taken back, and the words that do so."""
    for match in islice(_CORRECTION.finditer(text), MOST_CORRECTIONS):
        before = _statement_before(text, match.start())
        if _affirms(text[before : match.start()], text[match.end() :]):
            continue
        start = _taken_back(text, before, match)
        text = text[:start] + blanked(text[start : match.end()]) + text[match.end() :]
    return text


def _statement_before(text: str, place: int) -> int:
    """Where the statement begins that a correction at `place` takes back."""
    end = place
    while end > 0 and text[end - 1] in " \t\n.,;:-–—(":
        end -= 1
    if lone := _LONE_NO.search(text, max(0, end - 40), end):
        end = lone.start()
    return max(text.rfind(sign, 0, end) for sign in ".;\n") + 1


def _affirms(statement: str, following: str) -> bool:
    """Whether the same yes or no stands before both: "Yes, by the mean. Hm, yes, that is it" takes nothing back."""
    first, second = _SIDE.match(statement), _SIDE.match(following)
    return bool(first and second and first.lastgroup == second.lastgroup)


def _taken_back(text: str, start: int, correction: re.Match[str]) -> int:
    """Where it begins what a correction takes back: of "the roots of A, no, of B" only "of A"."""
    following = _WORD.search(text, correction.end())
    if following and following.group().lower() in _PREPOSITIONS:
        return max(start, text.rfind(f" {following.group()} ", start, correction.start()))
    return start
