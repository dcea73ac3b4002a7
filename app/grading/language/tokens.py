"""A text as sentences of tokens, each with its place in code points.

Sentences end at full stops, semicolons, line breaks and bullets. Tokens are words (with digits and underscores inside),
numbers (`1/5`, `80%`, `75k`, `1,000`, `2e-3`, `4*10^3` are one token each) and single symbols.
"""

import re
from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from app.grading.language.short_forms import written_out
from app.grading.language.signs import signs_of
from app.grading.language.spelling import function_word, stem
from app.grading.language.word_memory import WordMemory
from app.grading.memory import TEXTS

MOST_CHARACTERS = 20_000
MOST_TOKENS = 4_000

_TOKEN = re.compile(
    r"""([iI]\.[eE]\.|[eE]\.[gG]\.
    | (?<=\\)[A-Za-z]+(?=\d)
    | [^\W\d_](?:(?<=\d[xX])(?=\d)|\w*(?:['’](?=[a-z]|(?:[TSM]|LL|RE|VE)\b)\w*)*)
    | (?:(?:\d+|(?<![\w.])\.\d+)(?:[.,]\d+)*\s?[x×*·]\s?)?(?<![\d.,])10\^[-−]?\d+(?![\w.])
    | (?:\d+|(?<![\w.])\.\d+)(?:[.,]\d+)*(?:[eE][+-]?\d+(?![\w.]))?(?:\s?/\s?\d+(?:[.,]\d+)*)?(?:\s?%|[kK](?![A-Za-z]))?
    | ->|=>|<=|>=|!=|<-|[^\w\s])""",
    re.VERBOSE,
)  # "i.e.", the name of a LaTeX command before a digit, a word or the "times" between digits, a number, a symbol; one group, so that `split` gives gaps and tokens in turn
_SENTENCE_END = re.compile(
    r"""[.!?;\n•*](?:
      (?<=[.!?])(?<!\.[.!?])(?=\s|$)
    | (?<=\.\.\.)(?=\s+[A-Z][a-z])  # the dots of "a + ... + z" end nothing
    | (?<=[;\n])[;\n]*
    | (?:(?<=^•)|(?<=\s•)|(?<=\*))(?=\s))""",
    re.VERBOSE,
)  # begins with the signs themselves: that is found fast
_JOINED = re.compile(r"(?<=[A-Za-z]{3})_(?=[A-Za-z]{3})")  # words of a name in a program: "num_nodes"
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|w\.r\.t|s\.t|i\.i\.d|z\.b|d\.h|vs|etc|approx|aprox|distr|resp|cf|no|nr|ca|max|min|dim|comp|avg|diff|param|var|perm|inv|prob|pos|neg|log|lin|reg|feat|incl|stoch|loc|glob|indep|cond|wrt|calc|prev|upstr|orig|acc|deriv|coeff|corr|comb|mult|seq|sym|imbal|cls|rnd|interp|distrib|regul|convol)\.$)",
    re.IGNORECASE,
)

IGNORED = frozenset(
    "a an the is are be was were been being am of to it its this that these those will would can could should may might "
    "must do does did has have had having for with by on at as there in then so also just very really quite i we you "
    "he she they one's our your my their der die das ein eine ist sind zu von mit für im den dem des".split()
) - {"in", "then", "so"}  # fmt: skip


Span = tuple[int, int]  # start and end in code points


class Written(NamedTuple):
    """What stands between two spaces: its tokens, and those of them that count, with places of their own.

    `width` is the place of what comes behind the space, `signs` what it hints at (see `signs`).
    """

    words: tuple[str, ...]
    spans: tuple[Span, ...]
    content: tuple[str, ...]
    content_spans: tuple[Span, ...]
    width: int
    signs: int


class Sentence:
    """The tokens of a sentence, all of them, as lower-case words.

    `content` are those that phrases look at: no articles, auxiliaries, commas. Places are worked out when they are asked for.
    """

    __slots__ = ("_start", "_written", "content", "signs", "words")

    def __init__(self, written: Sequence[Written], start: int) -> None:
        self._written = written
        self._start = start
        words: list[str] = []
        content: list[str] = []
        signs = 0
        for one in written:
            words += one[0]
            content += one[2]
            signs |= one[5]
        if len(words) > MOST_TOKENS:
            del words[MOST_TOKENS:]
            content = [word for word in words if word not in _SKIPPED]
        self.words: Sequence[str] = words
        self.content: Sequence[str] = content
        self.signs = signs

    @property
    def spans(self) -> Sequence[Span]:
        """The places of all tokens."""
        return self._placed([one.spans for one in self._written])[: len(self.words)]

    @property
    def content_spans(self) -> Sequence[Span]:
        """The places of those that phrases look at."""
        return self._placed([one.content_spans for one in self._written])[: len(self.content)]

    def content_spans_at(self, indices: Iterable[int]) -> list[Span]:
        """The places of a few of those that phrases look at, by their indices, ascending."""
        found: list[Span] = []
        written = iter(self._written)
        one, first, start = next(written), 0, self._start
        for index in indices:
            while index - first >= len(one.content_spans):
                first += len(one.content_spans)
                start += one.width
                one = next(written)
            begin, end = one.content_spans[index - first]
            found.append((start + begin, start + end))
        return found

    def _placed(self, spans: Iterable[Iterable[Span]]) -> Sequence[Span]:
        """Places within what stands between two spaces as places in the text."""
        starts = accumulate([one.width for one in self._written], initial=self._start)
        return [
            (start + first, start + last)
            for start, own in zip(starts, spans, strict=False)
            for first, last in own
        ]

    def among_content(self, indices: Container[int]) -> frozenset[int]:
        """Where the tokens of these indices stand among those that phrases look at."""
        counted = [index for index, word in enumerate(self.words) if word not in _SKIPPED]
        return frozenset([place for place, index in enumerate(counted) if index in indices])


@lru_cache(maxsize=TEXTS)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, without the empty ones. Longer texts are cut at 20,000 characters."""
    text = text[:MOST_CHARACTERS]
    found = [_sentence(text, start, end) for start, end in _bounds(text)]
    return tuple([one for one in found if one.words])


def signs_in(text: str) -> int:
    """The bits of all that the words of a text hint at (see `signs`)."""
    found = 0
    for sentence in sentences(text):
        found |= sentence.signs
    return found


def _bounds(text: str) -> list[Span]:
    bounds, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if text[end - 1] == "." and _ABBREVIATION.search(text[max(0, end - 9) : end]):
            continue
        if text[end - 1] == "*" and not _begins_line(text, end - 1):
            continue
        bounds.append((start, end))
        start = end
    return [*bounds, (start, len(text))]


def _begins_line(text: str, place: int) -> bool:
    """Whether a star is a bullet, no sign of a product."""
    return not text[text.rfind("\n", 0, place) + 1 : place].strip(" \t")


def _sentence(text: str, start: int, end: int) -> Sentence:
    """The tokens of a stretch, put together from what is known of the words between its spaces."""
    stretch = text[start:end]
    if _NUMBER_WITH_SPACE.search(stretch):
        return Sentence([_read(stretch)], start)
    return Sentence(list(map(_WRITTEN.__getitem__, stretch.split(" "))), start)


_NUMBER_WITH_SPACE = re.compile(r"\d(?:\s[x×*·/%]|[x×*·/]\s)")  # "50 %", "1 / 5", "4 * 10^3"


def _read(written: str) -> Written:
    """The tokens of a text. Splitting it is faster than a match object for each token."""
    stretches = _TOKEN.split(_JOINED.sub(" ", written))
    edges = list(accumulate(map(len, stretches)))
    words: list[str] = []
    spans: list[Span] = []
    for token, begin, end in zip(stretches[1::2], edges[0::2], edges[1::2], strict=False):
        word, cue = _meant(token)
        words.append(word)
        spans.append((begin, end - cue))
        if cue:  # a negation that hangs on its verb ("don't") is a word of its own
            words.append("not")
            spans.append((end - cue, end))
    content = [at for at, word in enumerate(words) if word not in _SKIPPED]
    return Written(
        tuple(words),
        tuple(spans),
        tuple([words[at] for at in content]),
        tuple([spans[at] for at in content]),
        len(written) + 1,
        signs_of(written),
    )


_WRITTEN = WordMemory(_read)
_SKIPPED = IGNORED | {"i.e.", "e.g."} | frozenset(",.:;!?()[]{}\"'“”„‘’`-–—_$…")


@lru_cache(maxsize=50_000)
def _meant(written: str) -> tuple[str, int]:
    """The word that a token stands for, and the length of a "not" at its end: worked out once per spelling."""
    text = written.lower().replace("’", "'")
    text = function_word(_SLIPS.get(text, text))
    if written[0].isdecimal():
        return text, 0
    if written[0] == "." and len(written) > 1 and written[1].isdecimal():
        return "0" + text, 0
    if text.endswith("n't") and len(text) > 3:
        return text[:-3], 3
    if text in _UNMARKED:
        verb = _UNMARKED[text]
        return verb, len(written) - len(verb)
    return text.removesuffix("'s"), 0


# Negated verbs without their apostrophe, and the verb in them.
_UNMARKED = {
    "cannot": "can", "cant": "ca", "dont": "do", "doesnt": "does", "isnt": "is", "wont": "wo", "didnt": "did",
    "arent": "are", "wasnt": "was", "werent": "were", "couldnt": "could", "wouldnt": "would", "shouldnt": "should",
    "hasnt": "has", "havent": "have", "hadnt": "had", "neednt": "need", "mustnt": "must",
}  # fmt: skip
# Slips in words too short for edit distance, above all in those that negate or are skipped.
_SLIPS = {
    "dosnt": "doesnt", "dosent": "doesnt", "doesent": "doesnt", "deosnt": "doesnt", "whitout": "without", "canot": "cannot",
    "nver": "never", "fro": "for", "los": "loss", "dat": "data", "sdt": "std", "tsd": "std",
    "parametre": "parameter", "parametres": "parameters",
}  # fmt: skip


def stems_of(word: str) -> frozenset[str]:
    """The stems of what a word of a sentence can stand for: its own and those of what it is short for."""
    if word[:1].isdecimal():
        return frozenset({word})
    return frozenset({stem(word), *map(stem, written_out(word))})


def number_of(word: str) -> Fraction | None:
    """The value of a number token: "80%" is 80, "1/5" is 1/5, "75k" is 75,000, "1,000" is 1,000; None of a word."""
    if not word[:1].isdecimal():
        return NUMBER_WORDS.get(word)
    if power := _POWER_OF_TEN.fullmatch(word):
        exponent = (power[2] or power[4]).replace("−", "-")
        return _scaled(power[1] or power[3] or "1", int(exponent)) if len(exponent) <= 3 else None
    digits = word.replace(" ", "").rstrip("%")
    thousand = digits.endswith("k")
    top, _, bottom = digits.rstrip("k").partition("/")
    try:
        value = _decimal(top) / (_decimal(bottom) if bottom else 1)
    except (ValueError, ZeroDivisionError):
        return None
    return value * 1000 if thousand else value


NUMBER_WORDS = {
    word: Fraction(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}  # not "one", which is a pronoun too
_POWER_OF_TEN = re.compile(r"(?:([\d.,]+)\s?[x×*·]\s?)?10\^([-−]?\d+)|([\d.,]+)e([-+]?\d+)")


def _scaled(digits: str, exponent: int) -> Fraction | None:
    """The number times a power of ten; None where the digits are no number."""
    try:
        return _decimal(digits) * Fraction(10) ** exponent
    except ValueError:
        return None


def _decimal(digits: str) -> Fraction:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("too long a number")
    if re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", digits):
        return Fraction(re.sub("[.,]", "", digits))
    if re.fullmatch(r"[1-9]\d{0,2}((,\d{3})+\.|(\.\d{3})+,)\d+", digits):  # `1,234.5`
        digits = re.sub(r"[.,](?=.*[.,])", "", digits)
    return Fraction(digits.replace(",", "."))


LONGEST_NUMBER = 30
