"""Reading a number box: a number or arithmetic, in any usual notation, exactly.

`1/2500`, `4e-4`, `0,0004` are one number. Surprising: `about 12`, `5 or 6` and `52/4 = 14` cannot be read,
and say why; `6/2(1+2)` is read both ways.
"""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.exact import Exact, NoValue, evaluate
from app.grading.mathematics.literals import BadLiteral, plain_literals
from app.grading.mathematics.parsing import Unread, parse
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.tree import Div, Expr, Mul, Neg, Num, Rel, Sym, walk
from app.grading.mathematics.writing import text_of_number
from app.grading.types import BLANK, Reading, Unreadable, Value

NUMBER_LIMIT = 500
LARGEST_FLOAT = 10**308

_PLAIN = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_OPERAND = (
    r"(?:- ?)?(?:\(+-)?\(*[0-9]+(?:\.[0-9]+)?\)*"  # in one way only, so that nothing is tried again and again
)
_ARITHMETIC = re.compile(rf"{_OPERAND}(?: ?(?:[-*/·×^]|\+(?!-)) ?{_OPERAND})*")  # `+-` is ±
_HEDGE = re.compile(
    r"\b(?:about|approx(?:\.|imately)?|around|roughly|circa|ca\.?|almost|nearly|maybe|perhaps|probably|at least|"
    r"at most|more than|less than|up to|between|some|etwa|ungefähr|ungefaehr|rund|fast|mindestens|höchstens|"
    r"or so|not sure|guess|unknown|depends)\b|^\s*(?:~|≈|∼)|\?|\\approx|\\sim",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:or|and|oder|und|bis|to)\b|;|\bvs\b|[0-9]\s*,\s+[0-9]|/\s*/|->|→|⇒", re.IGNORECASE
)
_LEAD = re.compile(
    r"^\s*(?:(?:the|my|die|das|der)\s+)?[^\W\d][\w ^(){}\\.,-]*?(?:(?:=|:)(?!=)|\b(?:is|are|ist|sind|beträgt|equals)\b:?)"
    r"\s*(?=\S)"
)
_WORD = r"(?:[^\W\d_]|[²³%°µ])(?:[^\W\d_]|[²³/%°.-])*"
_UNIT = re.compile(
    rf"^(?P<number>.*[0-9)\]}}%])\s*(?P<unit>{_WORD}(?:\s+{_WORD}){{0,3}}|(?<=\s)\([^()]*[A-Za-z][\w ]*\)|[€$£°])\s*[.!]?\s*$",
    re.DOTALL,
)
_REMARK = re.compile(r"(.*[0-9)])\s+\(([^()]*)\)", re.DOTALL)
_ONE_LETTER_UNITS = frozenset("msgltVANJWKCFh%MB€$£°")
_SCALES = {
    "k": 3, "K": 3, "tsd": 3, "thousand": 3, "tausend": 3, "M": 6, "mio": 6, "mln": 6, "million": 6, "millions": 6,
    "millionen": 6, "bn": 9, "billion": 9, "mrd": 9,
}  # fmt: skip
_SCALE = re.compile(r"(?<=[0-9])\s*(k|K|M|[Tt]sd\.?|[Mm]io\.?|[Mm]ln\.?|[Bb]n|[Mm]rd\.?|[Tt]housand|[Tt]ausend|"
                    r"[Mm]illion(?:s|en)?|[Bb]illion)(?![A-Za-z(])")  # fmt: skip
_PERCENT = re.compile(r"(?<=[0-9])\s*(?:percent|prozent|per cent|pct)\b", re.IGNORECASE)
_POINT_BEHIND = re.compile(r"(?<=[0-9])\.(?=[eE][+-]?[0-9]|\s*(?:[A-Za-z°€£$%]|\\%))")  # `1.e-3`, `2. m`
_MIXED = re.compile(r"([0-9]+)\s*([½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])")


@lru_cache(maxsize=4096)
def read_number(text: str, integer: bool = False) -> Reading:
    """The exact value of what was typed. `integer` marks a count: `34,944` is then 34944, not 34.944.

    `Value.echo` says how it was read where that is not obvious, `Value.others` holds further readings.
    """
    clean = text.strip()
    if not clean:
        return BLANK
    if len(text) > NUMBER_LIMIT:
        return Unreadable(f"This is longer than {NUMBER_LIMIT} characters.")
    plain = _PLAIN.fullmatch(clean)
    arithmetic = plain or _ARITHMETIC.fullmatch(clean)  # nearly always it is: then nothing is to be cleaned
    if not arithmetic:
        clean = _clean(text)
        plain = _PLAIN.fullmatch(clean)
    if plain and not (integer and "." in clean):
        return Value(_exactly(clean))
    if arithmetic:
        return _with_literals(clean, clean, "", integer)
    if reason := _not_one_number(clean):
        return Unreadable(reason)
    return _read(clean, integer)


def _exactly(number: str) -> Fraction:
    before, point, behind = number.partition(".")
    return Fraction(int(before + behind), 10 ** len(behind)) if point else Fraction(int(number))


def _clean(text: str) -> str:
    """One kind of minus, space and digit; without LaTeX spacing and dollar signs around."""
    digits = (
        str(unicodedata.decimal(sign)) if sign.isdecimal() and not sign.isascii() else sign for sign in text
    )
    text = "".join(digits).strip().strip("$").strip()
    text = re.sub(r"\\[,;:! ]|~(?=[0-9]{3})(?<=[0-9]~)", " ", text.replace("{,}", ","))
    text = _POINT_BEHIND.sub("", re.sub(r"[−–—‐‑﹣－]", "-", text))
    return re.sub(r"^([-+]?)\s*[€£$]\s*(?=[0-9])", r"\1", text)


def _not_one_number(text: str) -> str:
    """Why the text is not exactly one number, as far as that can be seen from the words."""
    if _HEDGE.search(text):
        return "This is an estimate, not one exact number; enter only the number."
    if re.search(r"±|\+/-|\\pm|\+-", text):
        return "± gives a range, not one number."
    if re.match(r"\s*(?:[<>≤≥≠]|\\[lg]e)", text):
        return "This is a bound, not a number."
    if not any(sign.isdigit() or sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞πe" for sign in text) and "pi" not in text:
        return "There is no number here."
    if re.search(r"\b0[xob][0-9a-fA-F]", text):
        return "Only decimal numbers are read."
    if re.search(r"[0-9](?:\.\.+|…|[\u0304\u0305])[.\s]*$", text) and "=" not in text:
        return "These digits go on without end; enter a fraction, such as 1/3."
    if re.search(r"[0-9](?:[.,]{2,}[0-9]|[eE]$)|[0-9]\s*:\s*[0-9]+\s*:", text):
        return "This is not a number."
    if _SEVERAL.search(text) and not re.search(r"[({\[][^)}\]]*[,;][^)}\]]*[)}\]]", text):
        return "There is more than one number here; enter one."
    return ""


def _read(text: str, integer: bool) -> Reading:
    text = re.sub(r"\(\s*=\s*([^()]*)\)", r" = \1", text)
    if repeated := _repeated(text, integer):
        return repeated
    text, unit = _without_words(_PERCENT.sub("%", text))
    if re.search(r"max|min|binom|gcd", text):  # there a comma parts two numbers
        return _calculated(text, text, unit)
    return _with_literals(_scaled(text), text, unit, integer)


def _with_literals(written: str, text: str, unit: str, integer: bool) -> Reading:
    try:
        return _calculated(plain_literals(written, integer), text, unit)
    except BadLiteral as error:
        return Unreadable(f"{error}.")


def _calculated(written: str, text: str, unit: str) -> Reading:
    parsed = parse(written.rstrip("."))
    if isinstance(parsed, Unread):
        return Unreadable(_capital(parsed.reason), parsed.so_far)
    return _value(parsed.expr, text, unit)


def _repeated(text: str, integer: bool) -> Value | None:
    """`0.0004 (1/2500)` says one number twice; as a product it would be another."""
    found = _REMARK.fullmatch(text)
    if found is None:
        return None
    first, second = (read_number(part, integer=integer) for part in found.groups())
    same = isinstance(first, Value) and isinstance(second, Value) and first.value == second.value
    return first if same and isinstance(first, Value) else None


def _without_words(text: str) -> tuple[str, str]:
    """The text without a name in front ("x = 5") and a unit behind ("64 pixels")."""
    lead = _LEAD.match(text)
    if lead and not re.search(r"[0-9]\s*[-+*/^]|[-+*/^]\s*[0-9(]", lead.group()):
        text = text[lead.end() :]
    text = re.sub(r"^\s*(?:=|:)\s*", "", text)
    found = _UNIT.match(text)
    if found is None:
        return text, ""
    unit = found["unit"].strip("() ")
    if (
        unit in _SCALES
        or unit.rstrip(".").lower() in _SCALES
        or (len(unit) == 1 and unit not in _ONE_LETTER_UNITS)
    ):
        return text, ""
    if re.fullmatch(r"%|pi|e|i|x", unit) or re.search(r"\\[A-Za-z]*$", found["number"] + unit):
        return text, ""
    return found["number"], unit


def _scaled(text: str) -> str:
    """`75k` is 75·1000; `3½` is 3 + 1/2."""
    text = _MIXED.sub(r"(\1+\2)", text)
    return _SCALE.sub(
        lambda found: f"*10^{_SCALES.get(found[1], 0) or _SCALES[found[1].rstrip('.').lower()]}", text
    )


def _value(expr: Expr, text: str, unit: str) -> Reading:
    sides = expr.sides if isinstance(expr, Rel) else (expr,)
    if isinstance(expr, Rel) and not set(expr.signs) <= {"=", "≈"}:
        return Unreadable("This is a comparison, not a number.")
    if len(sides) > 1:
        sides = tuple(side for side in sides if not _is_formula(side)) or sides
    try:
        values = [evaluate(side) for side in sides]
        others = [evaluate(other).value for other in _other_readings(sides[-1])] if len(sides) == 1 else []
    except NoValue as error:
        return Unreadable(_capital(str(error)), text)
    first = values[0]
    for value, side in zip(values[1:], sides[1:], strict=True):
        if not _agree(first, value, side):
            shown = f"{text_of_number(first.value)} and {text_of_number(value.value)}"
            return Unreadable(f"The two sides of the equals sign differ: {shown}.")
    others = [other for other in others if other != first.value]
    return Value(first.value, _echo(first, expr, text, unit, others), tuple(others))


def _is_formula(side: Expr) -> bool:
    """Whether a side has letters, as in `w + 1 = 1.001`; `2x = 6` is an equation that is not solved yet."""
    if isinstance(side, Mul) and len(side.factors) == 2 and isinstance(side.factors[0], Num):
        return side.factors[0].value == 1
    return any(isinstance(node, Sym) and not _has_value(node) for node in walk(side))


def _has_value(name: Sym) -> bool:
    try:
        evaluate(name)
    except NoValue:
        return False
    return True


def _agree(first: Exact, value: Exact, side: Expr) -> bool:
    """Equal, or the second is the first rounded to the decimals it shows, or cut off there."""
    if first.value == value.value:
        return True
    scale = Fraction(10) ** _decimals(side)
    rounded = abs(first.value - value.value) * scale <= Fraction(1, 2)
    return scale > 1 and (rounded or int(first.value * scale) == value.value * scale)


def _decimals(side: Expr) -> int:
    number = side.of if isinstance(side, Neg) else side
    if not isinstance(number, Num) or number.value.denominator == 1:
        return 0
    return next((places for places in range(1, 31) if 10**places % number.value.denominator == 0), 0)


def _other_readings(expr: Expr) -> list[Expr]:
    """`6/2(1+2)` can also mean `6/(2(1+2))`."""
    if not any(isinstance(node, Mul) and isinstance(node.factors[0], Div) for node in walk(expr)):
        return []
    return [_divided_by_product(expr)]


def _divided_by_product(node: Expr) -> Expr:
    if isinstance(node, Mul) and isinstance(node.factors[0], Div) and node.tight:
        first = node.factors[0]
        return Div(first.top, Mul((first.bottom, *node.factors[1:])))
    return rebuilt(node, _divided_by_product)


def _echo(value: Exact, expr: Expr, text: str, unit: str, others: list[Fraction]) -> str:
    if isinstance(expr, Num) and text_of_number(value.value) == text.strip() and not unit:
        return ""
    shown = ("= " if value.exact else "≈ ") + _shown(value)
    ways = "".join(f" or {text_of_number(other)}" for other in others)
    return shown + ways + (f" (unit: {unit})" if unit else "")


def _shown(value: Exact) -> str:
    number = value.value
    if not value.exact:
        large = abs(number) > LARGEST_FLOAT
        return f"{Decimal(number.numerator) / number.denominator if large else float(number):.12g}"
    text = text_of_number(value.value)
    return text if len(text) <= 60 else f"{text[:20]}… ({len(text)} digits)"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith(".") else ".")
