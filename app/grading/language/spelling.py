"""Which words count as the same: equal stems, or a typo of one another.

Stems are Snowball's (Porter2); typos are optimal string alignment distances: two letters swapped in 4 letters, up to 1 for
5 to 7 letters, up to 2 from 8 letters on, with the same first letter unless the first two are swapped. A word that is
spelled right is never taken for a typo of another word.
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA

from app.grading.language.words import EVERYDAY_WORDS, FIELD_WORDS, FUNCTION_WORDS

_STEMMER = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = threading.Lock()  # a stemmer holds its word while it works; two threads would mix theirs up
PREFIXES = ("un", "in", "im", "ir", "non", "over", "under", "de", "dis", "re")
LONGEST = 40
SHORTEST_SLIP = 4  # letters of a word that another can be a slip of


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word: `stem("vanishing")` is `stem("vanished")`; "λ" stays itself.

    British endings and irregular forms are those of their word: "normalised" as "normalized", "chosen" as "choose".
    """
    word = _IRREGULAR.get(word, word)[:LONGEST]
    with _ONE_AT_A_TIME:
        return str(_STEMMER.stemWord(_BRITISH.sub(r"iz\1", word)))


_BRITISH = re.compile(r"(?<=[a-z]{3})is(e|ed|es|er|ers|ing|ation|ations)$")
_FORMS = {
    "choose": "chosen chose", "take": "taken took", "give": "given gave", "find": "found", "feed": "fed",
    "keep": "kept", "show": "shown", "know": "known knew", "see": "seen saw", "go": "gone went goes",
    "make": "made", "send": "sent", "build": "built", "lose": "lost losing", "shrink": "shrunk shrank",
    "grow": "grown grew", "rise": "rose risen", "fall": "fell fallen", "draw": "drawn drew", "bring": "brought",
    "learn": "learnt", "mean": "meant", "tell": "told", "say": "said", "stick": "stuck", "hide": "hidden",
    "become": "became", "begin": "began begun", "hold": "held", "think": "thought", "teach": "taught", "run": "ran",
    "write": "wrote written", "drive": "drove driven", "break": "broke broken", "freeze": "froze frozen", "get": "got gotten",
    "lead": "led", "meet": "met", "spend": "spent", "understand": "understood", "throw": "threw thrown", "fly": "flew flown",
    "sink": "sank sunk", "arise": "arose arisen", "catch": "caught", "buy": "bought", "sell": "sold", "eat": "ate eaten",
    "forget": "forgot forgotten", "undo": "undone undid undoes", "matrix": "matrices", "index": "indices",
    "maximum": "maxima", "minimum": "minima", "optimum": "optima", "vertex": "vertices", "half": "halves",
    "color": "colour colours coloured", "behavior": "behaviour", "neighbor": "neighbour neighbours",
    "center": "centre", "gray": "grey", "label": "labelled labelling", "noise": "noisy", "blur": "blurry blurred",
}  # fmt: skip
_IRREGULAR = {form: word for word, forms in _FORMS.items() for form in forms.split()}


KNOWN_STEMS = frozenset(stem(word) for word in f"{FUNCTION_WORDS} {EVERYDAY_WORDS} {FIELD_WORDS}".split())


@lru_cache(maxsize=50_000)
def is_typo(typed: str, meant: str) -> bool:
    """Whether `typed` is a slip of the word `meant` (both lower case, of different stems).

    "gradeint" is one of "gradient"; "unsupervised" is none of "supervised", nor "decrease" of "increase".
    """
    if len(meant) < SHORTEST_SLIP or len(typed) > LONGEST or not typed.isalpha() or is_known(typed):
        return False
    if len(typed) == len(meant) and meant in swapped(typed):
        return True
    if len(meant) < 5 or typed[0] != meant[0] or _differ_by_prefix(typed, meant):
        return False
    most = 1 if len(meant) <= 7 or len(typed) < 5 else 2  # "drin" is no "domin", the stem of "dominated"
    return any(OSA.distance(one, other, score_cutoff=most) <= most for one, other in _forms(typed, meant))


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Whether a word is spelled right, as far as we know it."""
    return stem(word) in KNOWN_STEMS


def swapped(word: str) -> Iterator[str]:
    """The words with two neighbouring letters of `word` swapped: "nto" gives "tno" and "not"."""
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


@lru_cache(maxsize=20_000)
def function_word(typed: str) -> str:
    """The function word that was meant, if two of its letters are swapped: "olny" is "only"; else the word itself."""
    if not 3 <= len(typed) <= 10 or is_known(typed):
        return typed
    return next((word for word in swapped(typed) if word in _FUNCTION_WORDS), typed)


_FUNCTION_WORDS = frozenset(FUNCTION_WORDS.split())


def _forms(typed: str, meant: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Whole words, and stems: a typo in an inflected form is a typo too."""
    return (typed, meant), (stem(typed), stem(meant))


def _differ_by_prefix(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return any(longer == prefix + shorter for prefix in PREFIXES)
