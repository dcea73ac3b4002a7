"""Whether a text only lists terms, which states nothing: "gradient, saddle point, Hessian, noise"."""

import re
from collections.abc import Iterable

from app.grading.language.negation import is_cue
from app.grading.language.tokens import Sentence, sentences

LEAST_PIECES = 4  # of a bare list
LEAST_PIECES_BETWEEN_COMMAS = 5
LEAST_LABELS = 2  # that make notes of a list
LEAST_PIECES_OF_A_CLEAR_LIST = 6
MOST_WORDS_A_PIECE = 2.0

_SEPARATOR = re.compile(r"[,;\n/•|]|\s[-–]\s|[.]\s")
_SIGNS_BETWEEN = (",", ";", "\n", "/", "•", "|", "-", "–", ".")  # one of them is in every separator
_COMMA = re.compile(r"[,;\n•|]|\s/\s|\s[-–]\s|[.]\s")
_LABEL = re.compile(r"\w:\s")
_COST = re.compile(
    r"\bO\([^()]{1,20}\)|(?<![\d/.])\d{1,3}/\d{1,3}(?![\d/.])"
)  # terms like others: O(n), 80/20
_RELATES = re.compile(r"->|=>|[=<>≠≈~→⇒∝]|\\(?:approx|to|neq|propto|Rightarrow|[lg]eq?|[lg]g|in|times)\b")
_STATES = re.compile(rf"{_RELATES.pattern}|[$\d]")
_VERB = re.compile(r"\b(is|are|was|were|should|must)\b", re.IGNORECASE)
_JOINS = re.compile(
    r"\b(is|are|was|on|over|per|by|with|without|from|for|to|into|in|at|each|every|all|not|no|so|if|then|than|as|that|because|when)\b|:(?=\s)|\w\(",
    re.IGNORECASE,
)  # words of a statement


def may_be_list(text: str) -> bool:
    """Whether a text can be a list of any kind, by the signs between entries; "before: …, now: …" states what is what."""
    signs = sum(map(text.count, _SIGNS_BETWEEN))
    if signs < LEAST_PIECES - 1 or _is_long(text, signs + 1, signs + 1):  # nearly always
        return False
    return len(_SEPARATOR.split(text)) >= LEAST_PIECES and len(_LABEL.findall(text)) < LEAST_LABELS


def is_clear_list(text: str) -> bool:
    """Whether a bare list is one of many terms without one word that joins them to a statement."""
    return len(_entries(_SEPARATOR.split(text))) >= LEAST_PIECES_OF_A_CLEAR_LIST and not _JOINS.search(
        _COST.sub("", text)
    )


def _entries(stretches: Iterable[str]) -> list[str]:
    """The stretches between separators that are entries of a list; a letter ("over N, H, W") is none."""
    return [piece for piece in stretches if len(piece.strip()) > 1]


def _is_long(text: str, pieces: int, stretches: int) -> bool:
    """Whether there are too many words for a list, seen from the sentences, which are known, before entries are read.

    A separator and a stretch that is no entry may count as a word of the text, but of no entry; a power of ten may be read
    as fewer words in an entry of its own.
    """
    words = sum([len(sentence.content) for sentence in sentences(text)])
    return words > MOST_WORDS_A_PIECE * pieces + 2 * stretches and "^" not in text


def is_bare_list(text: str) -> bool:
    """Whether a text only lists terms: "gradient, saddle point, Hessian, noise"."""
    stretches = _SEPARATOR.split(text)
    pieces = _entries(stretches)
    if len(pieces) < LEAST_PIECES or _is_long(text, len(pieces), len(stretches)):
        return False
    if _VERB.search(text) or _STATES.search(_COST.sub("", text)):
        return False
    found = _read(pieces)
    return _is_short(found, len(pieces)) and not any(_denies(sentence) for sentence in found)


def is_comma_list(text: str) -> bool:
    """Whether a text lists short terms between commas, figures and a "no" among them: "80/20, no leak, day, night, test"."""
    stretches = _COMMA.split(text)
    pieces = _entries(stretches)
    if len(pieces) < LEAST_PIECES_BETWEEN_COMMAS or _is_long(text, len(pieces), len(stretches)):
        return False
    return not _RELATES.search(text) and _is_short(_read(pieces), len(pieces))


def _read(pieces: list[str]) -> list[Sentence]:
    return [sentence for piece in pieces for sentence in sentences(piece)]


def _is_short(found: list[Sentence], pieces: int) -> bool:
    return sum(len(sentence.content) for sentence in found) <= MOST_WORDS_A_PIECE * pieces


def _denies(sentence: Sentence) -> bool:
    """Whether more than the answer "no" is there: a denial of something."""
    return len(sentence.words) > 1 and any(map(is_cue, sentence.words))
