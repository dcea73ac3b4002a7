"""What of a text still stands: crossed-out and corrected words and copies of the question are blanked.

Offsets stay as they are: what does not count becomes spaces.
"""

import re
from functools import lru_cache
from itertools import islice

from app.grading.language.lines import unwrapped
from app.grading.language.signs import CORRECTS, MENDS, mended
from app.grading.language.tokens import signs_in
from app.grading.memory import TEXTS

_CROSSED_OUT = re.compile(r"~~.{1,500}?~~", re.DOTALL)
_CORRECTION = re.compile(
    r"\b(?:(?:no(?:,\s*|\s+|\.{2,}\s*)wait|wait(?:,\s*|\s+|\.{2,}\s*)(?:no|actually)|scratch\s+that|strike\s+that|i\s+meant?(?:\s+rather)?|oops|nein,?\s+doch|quatsch)\b[:,]?|(?:(?<=[,;–…-]\s)|(?<=\.\.\s))(?:no|nein),?\s+(?:(?:the\s+)?(?:other\s+way\s+a?round|opposite|reverse)|vice\s+versa|andersrum|umgekehrt)\b[:,]?|(?<=[.,;!?–-]\s)\s*(?:(?:hm+|ah|oh),?\s+)?actually,?\s+(?=(?:no|yes|nein|ja)\b)|(?<=[,;–-]\s)hm+,?\s+no,|(?<=[,;–-]\s)(?:the\s+)?(?:wrong|other)\s+way\s+a?round\s*[:,]|correction:|sorry,(?!\s*(?:i|my|no|not|ran|if)\b))",
    re.IGNORECASE,
)
# ", no, " or ", sorry, " between what was said and what is said instead; a yes or no that answers is not meant.
_INSTEAD = re.compile(
    r"(?:(?<=\w)(?<!wait)[,;]|\.{2,}|…|\s[–-])\s*(?:(?:no|nein)(?:,?\s+(?:sorry|wait))?[,!]|(?P<also>sorry,|i\s+meant?\b,?|wait,?\s+no,))\s+(?!wait|sorry|i\b|my\b|no\b|not\b|ran\b|(?:the\s+)?(?:other\s+way|opposite|reverse)|vice|andersrum|umgekehrt)(?=\w)",
    re.IGNORECASE,
)
_LONE_NO = re.compile(
    r"\s*[.;]\s*(?:no|nein)\Z", re.IGNORECASE
)  # ". No, the other way round:" takes back what is before the no
_REPAIR = re.compile(r"[^.,;:()\n]+")
REPAIR_WORDS = 4  # a repair that takes up no word again is at most as long, as is what it replaces
_WORD = re.compile(r"\w+")
_PREPOSITIONS = frozenset("of in on by with to from for at von mit im auf".split())
COPIED_WORDS = 8
BLOCK = COPIED_WORDS // 2  # words; a question cut into blocks has a whole one in every copy
MOST_CORRECTIONS = 40
_ANSWERS = frozenset(
    "yes no ja nein wait well so then hence therefore but aber also in for if when given under with would".split()
)
_MERELY = frozenset("only just rather nur".split())  # "on all, no, only on one" takes up "on"
_REASONS = frozenset("because since as bc weil da not".split())

# Words of which the one is often written for the other: "they have the same, no, different distributions".
_OPPOSITES = frozenset(
    frozenset(pair.split())
    for pair in (
        *(
            "same different",
            "identical different",
            "equal different",
            "high low",
            "higher lower",
            "large small",
        ),
        *("larger smaller", "bigger smaller", "big small", "more less", "more fewer", "increase decrease"),
        *(
            "increases decreases",
            "train test",
            "training test",
            "train validation",
            "test validation",
            "web phone",
        ),
        *("positive negative", "forward backward", "input output", "first last", "max min", "faster slower"),
        *(
            "cheap expensive",
            "over under",
            "overfitting underfitting",
            "with without",
            "full mini",
            "all one",
        ),
    )
)


@lru_cache(maxsize=TEXTS)
def standing(text: str, prompt: str = "") -> str:
    """The text with all that does not count blanked.

    "The mean. No wait, the variance" keeps only "the variance". Function words with two letters swapped ("nto") are mended.
    """
    text = unwrapped(text)
    hints = signs_in(text)
    if hints & MENDS:
        text = mended(text)
    if hints & CORRECTS:
        text = _without_corrected(_repaired(_CROSSED_OUT.sub(_blank, text)))
    return _without_copies(text, prompt) if prompt and _may_be_copied(text, prompt) else text


def uncorrected(text: str) -> str:
    """The text without the words that take something back, which therefore stands: "The mean.          the variance"."""
    if not signs_in(text) & CORRECTS:
        return text
    return _INSTEAD.sub(_blank, _CORRECTION.sub(_blank, text, MOST_CORRECTIONS), MOST_CORRECTIONS)


def _repaired(text: str) -> str:
    """The text without words that a ", no, " replaces: "train on one, no, on four" keeps "train on four"."""
    for match in islice(_INSTEAD.finditer(text), MOST_CORRECTIONS):
        start = _replaced_from(text, match)
        if start is not None:
            text = text[:start] + _blanked(text[start : match.end()]) + text[match.end() :]
    return text


def _replaced_from(text: str, match: re.Match[str]) -> int | None:
    """Where that begins which a repair replaces: the last place of its first word or of its opposite, or a few words.

    None if it is no repair.
    """
    begin = max(text.rfind(sign, 0, match.start()) for sign in ".,;:(\n") + 1
    before = list(_WORD.finditer(text, begin, match.start()))
    repair = _REPAIR.match(text, match.end())
    after = _WORD.findall(repair.group().lower()) if repair else []
    if not before or not after or after[0] in _REASONS:
        return None
    first = before[0].group().lower()
    if first in _ANSWERS and first != after[0]:
        return None
    if after[0] in _MERELY:
        del after[0]
    for word in reversed(before):
        if after and (word.group().lower() == after[0] or {word.group().lower(), after[0]} in _OPPOSITES):
            return word.start()
    short = len(after) <= REPAIR_WORDS and len(before) <= REPAIR_WORDS
    return before[0].start() if short and not match["also"] else None


def _without_corrected(text: str) -> str:
    """The text without the statements that are taken back, and the words that do so."""
    for match in islice(_CORRECTION.finditer(text), MOST_CORRECTIONS):
        start = _taken_back(text, _statement_before(text, match.start()), match)
        text = text[:start] + _blanked(text[start : match.end()]) + text[match.end() :]
    return text


def _statement_before(text: str, place: int) -> int:
    """Where the statement begins that a correction at `place` takes back."""
    end = place
    while end > 0 and text[end - 1] in " \t\n.,;:-–—(":
        end -= 1
    if lone := _LONE_NO.search(text, max(0, end - 40), end):
        end = lone.start()
    return max(text.rfind(sign, 0, end) for sign in ".;\n") + 1


def _taken_back(text: str, start: int, correction: re.Match[str]) -> int:
    """Where it begins what a correction takes back: of "the roots of A, no, of B" only "of A"."""
    following = _WORD.search(text, correction.end())
    if following and following.group().lower() in _PREPOSITIONS:
        return max(start, text.rfind(f" {following.group()} ", start, correction.start()))
    return start


def _blank(match: re.Match[str]) -> str:
    return _blanked(match.group())


def _blanked(text: str) -> str:
    return "".join(" " if not character.isspace() else character for character in text)


def _may_be_copied(text: str, prompt: str) -> bool:
    """Whether all words of a block of the question are in the text: a fast look, in most cases the last."""
    lower = text.lower()
    for block in _blocks(prompt):
        for word in block:
            if word not in lower:
                break
        else:
            return True
    return False


@lru_cache(maxsize=512)
def _blocks(prompt: str) -> tuple[tuple[str, ...], ...]:
    """The question cut into blocks of words, the longest word of each first: every copy has all words of one of them."""
    words = _WORD.findall(prompt.lower())
    blocks = [words[first : first + BLOCK] for first in range(0, len(words) - BLOCK + 1, BLOCK)]
    return tuple([tuple(sorted(block, key=len, reverse=True)) for block in blocks])


def _without_copies(text: str, prompt: str) -> str:
    runs, known = _runs(prompt)
    copied: set[int] = set()
    length = 0  # of the run of words that are all in the question
    lower = [word.lower() for word in _WORD.findall(text)]
    for index, word in enumerate(lower):
        length = length + 1 if word in known else 0
        first = index - COPIED_WORDS + 1
        if length >= COPIED_WORDS and tuple(lower[first : index + 1]) in runs:
            copied.update(range(first, index + 1))
    if not copied:
        return text
    words = list(_WORD.finditer(text))
    for index in copied:
        start, end = words[index].span()
        text = text[:start] + " " * (end - start) + text[end:]
    return text


@lru_cache(maxsize=512)
def _runs(prompt: str) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """All runs of words of the question that are long enough to be a copy, and all its words."""
    words = [word.lower() for word in _WORD.findall(prompt)]
    runs = frozenset(
        tuple(words[index : index + COPIED_WORDS]) for index in range(len(words) - COPIED_WORDS + 1)
    )
    return runs, frozenset(words)
