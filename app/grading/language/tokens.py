"""A text as sentences of tokens, each with its place in code points.

Sentences end at full stops, semicolons, line breaks and bullets. Tokens are words (with digits and underscores inside),
numbers (`1/5`, `80%`, `75k`, `1,000` are one token each) and single symbols.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from app.grading.language.spelling import function_word, stem

MOST_CHARACTERS = 20_000
MOST_TOKENS = 4_000

_TOKEN = re.compile(
    r"""(?P<times>(?<=\d)[xX](?=\d))
    | (?P<number>\d+(?:[.,]\d+)*(?:\s?/\s?\d+(?:[.,]\d+)*)?(?:\s?%|[kK](?![A-Za-z]))?)
    | (?P<word>[^\W\d_](?:\w|['’](?=[a-z]))*)
    | (?P<symbol>->|=>|<=|>=|!=|<-|[^\w\s])""",
    re.VERBOSE,
)
_SENTENCE_END = re.compile(
    r"(?<!\.)[.!?](?=\s|$)|(?<=\.\.)\.(?=\s+[A-Z][a-z])"  # the dots of "a + ... + z" end nothing
    r"|[;\n]+|(?:^|(?<=\s))•(?=\s)|(?:^|(?<=\n))[ \t]*\*(?=\s)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|w\.r\.t|z\.b|d\.h|vs|etc|approx|aprox|distr|resp|cf|no|nr|ca|max|min|dim|comp|avg|diff|param|var|perm|inv|prob|neg|log|lin|reg)\.$)",
    re.IGNORECASE,
)

# Short forms and German words, as the words that they stand for.
SHORT_FORMS = {
    "val": "validation", "valid": "validation", "dev": "validation", "distr": "distribution", "dist": "distribution",
    "grad": "gradient", "grads": "gradient", "params": "parameters", "param": "parameter", "w/": "with",
    "vs": "versus", "config": "configuration", "avg": "average", "acc": "accuracy", "aug": "augmentation",
    "reg": "regularization", "approx": "approximately", "dim": "dimension", "dims": "dimensions", "imgs": "images",
    "img": "image", "pics": "pictures", "pic": "picture", "pred": "prediction", "preds": "predictions",
    "iter": "iteration", "iters": "iterations", "opt": "optimizer", "std": "deviation", "stddev": "deviation",
    "init": "initialization", "comp": "computation", "conv": "convolution", "convs": "convolutions", "hyperparams": "hyperparameters",
    "nets": "network", "net": "network", "ds": "dataset", "eval": "evaluation", "diff": "different", "nr": "number",
    "num": "number", "eq": "equation", "fct": "function", "func": "function", "backprop": "backpropagation",
    "exp": "exponential", "info": "information", "combi": "combination", "perf": "performance", "inf": "infinity",
    "lernrate": "learning rate", "gewichte": "weights", "gewicht": "weight", "netz": "network", "netzwerk": "network",
    "daten": "data", "datensatz": "dataset", "bilder": "images", "bild": "image", "verteilung": "distribution",
    "verteilungen": "distributions", "unterschiedlich": "different", "unterschiedliche": "different",
    "verschieden": "different", "verschiedene": "different", "mittelwert": "mean", "varianz": "variance",
    "standardabweichung": "deviation", "schicht": "layer", "schichten": "layers", "ableitung": "derivative",
    "ableitungen": "derivatives", "gradienten": "gradients", "überanpassung": "overfitting", "trainieren": "train",
    "trainiert": "train", "testen": "test", "größer": "larger", "grösser": "larger", "kleiner": "smaller",
    "mehr": "more", "weniger": "less", "speicher": "memory", "langsam": "slow", "teuer": "expensive",
    "rauschen": "noise", "klassen": "classes", "klasse": "class", "hund": "dog", "hunde": "dogs", "katze": "cat",
    "katzen": "cats", "tag": "day", "nacht": "night", "drehen": "rotate", "spiegeln": "mirror", "zufällig": "random",
    "zustand": "state", "zufallssuche": "random search", "kanal": "channel", "gedächtnis": "memory",
}  # fmt: skip

IGNORED = frozenset(
    "a an the is are be was were been being am of to it its this that these those will would can could should may might "
    "must do does did has have had having for with by on at as there in then so also just very really quite i we you "
    "he she they one's our your my their der die das ein eine ist sind zu von mit für im den dem des".split()
) - {"in", "then", "so"}  # fmt: skip


class Token(NamedTuple):
    """A word, number or symbol. `forms` are the lower-case words it can stand for, `stems` their stems."""

    start: int
    end: int
    word: str
    stems: frozenset[str]
    number: Fraction | None = None

    @property
    def ignored(self) -> bool:
        """Articles, auxiliaries and the like, which phrases skip."""
        return self.word in IGNORED


class Sentence(NamedTuple):
    """The tokens of a sentence, all of them; `content` are the indices of those that phrases look at."""

    tokens: tuple[Token, ...]
    content: tuple[int, ...]


@lru_cache(maxsize=4_096)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, without the empty ones. Longer texts are cut at 20,000 characters."""
    text = text[:MOST_CHARACTERS]
    found = [_sentence(text, start, end) for start, end in _bounds(text)]
    return tuple(one for one in found if one.tokens)


def _bounds(text: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if match.group() == "." and _ABBREVIATION.search(text[max(0, match.start() - 8) : match.end()]):
            continue
        bounds.append((start, match.end()))
        start = match.end()
    return [*bounds, (start, len(text))]


def _sentence(text: str, start: int, end: int) -> Sentence:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        pieces = _pieces(match.group(), match.lastgroup == "number")
        (length, word, stems, number) = pieces[0]
        begin = match.start()
        if len(pieces) == 1:
            tokens.append(Token(begin, match.end(), word, stems, number))
        else:  # a negation hangs on its verb ("don't")
            (_, cue, stems_of_cue, _) = pieces[1]
            tokens.append(Token(begin, begin + length, word, stems))
            tokens.append(Token(begin + length, match.end(), cue, stems_of_cue))
    kept = tuple(tokens[:MOST_TOKENS])
    return Sentence(kept, tuple([index for index, token in enumerate(kept) if token.word not in _SKIPPED]))


_SKIPPED = IGNORED | frozenset(",.:;!?()[]{}\"'“”„‘’`-–—_$…")


Piece = tuple[int, str, frozenset[str], Fraction | None]  # length, word, stems, number


@lru_cache(maxsize=50_000)
def _pieces(written: str, is_number: bool) -> tuple[Piece, ...]:
    """What a stretch of text stands for, whatever its place: worked out once per spelling."""
    text = written.lower().replace("’", "'")
    text = function_word(_SLIPS.get(text, text))
    if is_number:
        return ((len(text), text, frozenset({text}), _number(text)),)
    if text.endswith("n't") and len(text) > 3:
        return _word(len(written) - 3, text[:-3]), _word(3, "not")
    if text in _UNMARKED:
        verb = _UNMARKED[text]
        return _word(len(verb), verb), _word(len(written) - len(verb), "not")
    return (_word(len(written), text),)


# Negated verbs without their apostrophe, and the verb in them.
_UNMARKED = {
    "cannot": "can", "cant": "ca", "dont": "do", "doesnt": "does", "isnt": "is", "wont": "wo", "didnt": "did",
    "arent": "are", "wasnt": "was", "werent": "were", "couldnt": "could", "wouldnt": "would", "shouldnt": "should",
    "hasnt": "has", "havent": "have", "hadnt": "had", "neednt": "need", "mustnt": "must",
}  # fmt: skip
# Slips in words too short for edit distance, above all in those that negate or are skipped.
_SLIPS = {
    "dosnt": "doesnt", "dosent": "doesnt", "doesent": "doesnt", "deosnt": "doesnt", "whitout": "without", "canot": "cannot",
    "nver": "never", "fro": "for", "los": "loss", "dat": "data",
}  # fmt: skip


def _word(length: int, word: str) -> Piece:
    word = word.removesuffix("'s")
    meanings = SHORT_FORMS.get(word, "").split()
    return length, word, frozenset({stem(word), *(stem(one) for one in meanings)}), None


def _number(text: str) -> Fraction | None:
    """The value of a number token: "80%" is 80, "1/5" is 1/5, "75k" is 75,000, "1,000" is 1,000."""
    digits = text.replace(" ", "").rstrip("%")
    thousand = digits.endswith("k")
    top, _, bottom = digits.rstrip("k").partition("/")
    try:
        value = _decimal(top) / (_decimal(bottom) if bottom else 1)
    except (ValueError, ZeroDivisionError):
        return None
    return value * 1000 if thousand else value


def _decimal(digits: str) -> Fraction:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("too long a number")
    if re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", digits):
        return Fraction(re.sub("[.,]", "", digits))
    return Fraction(digits.replace(",", "."))


LONGEST_NUMBER = 30
