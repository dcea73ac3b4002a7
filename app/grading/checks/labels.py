"""What the label of a node in a computation graph means: an operation, a number, or the name of a value.

`×`, `mul` and `\\cdot` are one operation; `ReLU`, `max(·, 0)` and a rectifier another.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import permutations
from typing import Literal, NamedTuple

LONGEST_LABEL = 100
MOST_FACTORS = 4

Kind = Literal["operation", "number", "name"]

_WORDS: Mapping[str, str] = {
    "×": "* × · ⋅ ∙ • ∗ ⊗ ⊙ . mul mult multiply multiplier multiplication product prod times dot cdot "
    "mal produkt multiplikation multiplizieren",
    "+": "+ ⊕ ∑ add adder addition plus sum summe addieren summation",
    "−": "- minus sub subtract subtraction difference differenz",
    "÷": "/ ÷ : div divide division quotient",
    "relu": "relu rectifier halfwaverectifier rectify rectifiedlinearunit rectifiedlinear positivepart ramp",
    "max": "max maximum",
    "min": "min minimum",
    "exp": "exp e^ exponential",
    "log": "log ln logarithm",
    "sigmoid": "sigmoid σ sigma logistic",
    "tanh": "tanh",
    "square": "square squared ^2",
    "sqrt": "sqrt √",
}
OPERATIONS: Mapping[str, str] = {
    word.casefold(): operation for operation, words in _WORDS.items() for word in words.split()
}
_COMMENTS = re.compile(
    r"\b(node|gate|op|operation|operator|layer|unit|function|activation|input|output|constant|const|value|knoten"
    r"|eingabe|ausgabe|konstante|eingang|ausgang)\b"
)
_SIGNS = {"\\cdot": "·", "\\times": "×", "\\sum": "∑", "Σ": "∑", "\\odot": "⊙", "\\bullet": "•"}
_NUMBER = re.compile(r"[+-]?(\d{1,20})(?:[.,](\d{0,20}))?")
_CALL = re.compile(r"([^\W\d_]+)\s*[(\[{](.*)[)\]}]")
_MAX_ZERO = re.compile(r"max\W*0(?![\d.,]*\d)\W*[a-z·.]?\W*")
_LARGER = re.compile(
    r"(?:the )?(?:max|maximum|larger|bigger|greater)(?: one| value)? (?:of|with|between|from) (?:[a-z*·+ ]+ (?:and|or|,) )?(?:0|zero)"
    r"(?: (?:and|or) [a-z*·+ ]+)?"
)
_POSITIVE_PART = re.compile(r"[(\[{].*[)\]}][_^]?\{?\+\}?")


class Meaning(NamedTuple):
    """What a label stands for: an operation by its name in OPERATIONS, a number as text, or a name."""

    kind: Kind
    value: str


@lru_cache(maxsize=4096)
def meaning(label: str, sources: tuple[str, ...] = ()) -> Meaning:
    """The meaning of a label on a node that takes its values from nodes with the labels `sources`.

    >>> meaning("mul", ("w", "x"))
    Meaning(kind='operation', value='×')
    >>> meaning("x", ("w", "x"))  # with two values going in it is no input but a times sign
    Meaning(kind='operation', value='×')
    >>> meaning("a = max(w*x, 0)", ("*",))
    Meaning(kind='operation', value='relu')
    """
    text = _right_side(clean(label))
    number = _NUMBER.fullmatch(text.replace(" ", ""))
    if number or text in ("zero", "null"):
        return Meaning("number", _exact(text.replace(" ", "")) if number else "0")
    operation = _operation(text, [clean(source) for source in sources])
    return Meaning("operation", operation) if operation else Meaning("name", text)


@lru_cache(maxsize=4096)
def clean(label: str) -> str:
    """The label without LaTeX, dollar signs, comments such as "node" or "input", and outer spaces."""
    text = unicodedata.normalize("NFKC", label[:LONGEST_LABEL]).replace("−", "-").replace("–", "-")
    text = re.sub(r"\\(?:mathrm|text|operatorname|mathbf|mathit)\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\(?:left|right|,|;|!|:)", "", text)
    for command, sign in _SIGNS.items():
        text = text.replace(command, sign)
    text = re.sub(r"\\([A-Za-z]+)", r"\1", text).replace("$", "").casefold()
    without = re.sub(r"\(\s*\)", "", _COMMENTS.sub("", text)).strip(" \t\n\"'`")
    return " ".join((without or text).split())


def _right_side(text: str) -> str:
    """Of "a = w*x" the calculation, of "w = 3" the name."""
    left, sign, right = text.rpartition("=")
    left, right = left.strip(" =:"), right.strip()
    if not sign or not (left and right):
        return (right or left).strip()
    return left if _NUMBER.fullmatch(right) else right


def _exact(digits: str) -> str:
    return str(Fraction(digits.replace(",", ".").rstrip(".")))


def _operation(text: str, sources: Sequence[str]) -> str | None:
    text = re.sub(r"(?<=[a-z]{3})-(?=[a-z]{3})", "", text)  # "half-wave" is no difference
    joined = re.sub(r"[\s\-_]", "", text) if len(text) > 1 else text
    if joined in OPERATIONS:
        return OPERATIONS[joined]
    if text == "x" and len(sources) > 1:
        return "×"
    if any(one.fullmatch(text) for one in (_MAX_ZERO, _LARGER, _POSITIVE_PART)):
        return "relu"
    return _called(text, sources) or (_calculated(text, sources) if sources else None) or _worded(text)


def _called(text: str, sources: Sequence[str]) -> str | None:
    """The operation of "relu(z)", "max(0, wx)"."""
    call = _CALL.fullmatch(text)
    if call is None or _top_level_sign(text):
        return None
    head, arguments = call.group(1), re.split(r"[,;|]", call.group(2))
    operation = OPERATIONS.get(head)
    if operation == "max" and any(re.fullmatch(r"\s*0+([.,]0*)?\s*", one) for one in arguments):
        return "relu"
    if operation is None and len(head) == 1:
        return "×" if len(sources) > 1 else None
    return operation


def _calculated(text: str, sources: Sequence[str]) -> str | None:
    """The outermost operation of "w*x + x"; of "wx", if w and x go in."""
    sign = _top_level_sign(text)
    if sign:
        return sign
    if 1 < len(sources) <= MOST_FACTORS:
        products = ("".join(order) for order in permutations(sources))
        return "×" if text.replace(" ", "") in products else None
    return None


def _top_level_sign(text: str) -> str | None:
    """The sign outside all brackets that binds least, between two things."""
    depth, found = 0, set()
    for before, letter, after in zip(text, text[1:], text[2:], strict=False):
        depth += (before in "([{") - (before in ")]}")
        inside = letter in "([{" or depth > 0
        if not inside and letter in "+-*×·⋅∙•∗⊙/÷" and before not in "([{,;" and after not in ")]},;":
            found.add(OPERATIONS[letter])
    return next((sign for sign in ("+", "−", "×", "÷") if sign in found), None)


def _worded(text: str) -> str | None:
    """The one operation that the words of a longer label name: "ReLU: max(0, z)"."""
    words = re.findall(r"[^\W\d_]{3,}", text)
    found = {OPERATIONS[word] for word in words if word in OPERATIONS}
    if found == {"relu", "max"}:
        return "relu"
    return found.pop() if len(found) == 1 else None
