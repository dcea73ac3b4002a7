"""Two texts compared as mathematics: what `endterm compare` prints for kind math.

`3x^2` and `3*x**2` are equal. Surprising: `ab` and `b*a` are equal too (letters side by side are read as a product
where that makes sense), while `1/2x` against `1/(2x)` is left to a person.
"""

import re
from functools import lru_cache

from app.grading.mathematics.equality import EVERYWHERE, Comparison, Domain
from app.grading.mathematics.finding import read_math
from app.grading.mathematics.names import letters_alone
from app.grading.mathematics.otherwise import other_readings
from app.grading.mathematics.parsing import Parsed, Unread, parse
from app.grading.mathematics.relations import compare_expressions
from app.grading.mathematics.tokens import LENGTH_LIMIT, Options
from app.grading.mathematics.tree import Expr, Sym, walk

_IN_BRACKETS = re.compile(r"\([^()0-9+*/^=<>]*\)")
_GROUPED = re.compile(r"(?<![\w.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9.,])")
_SIGN = re.compile(r"[^\w\s.,;:'’\"“”„!?$-]|[0-9_]|\\")


@lru_cache(maxsize=4096)
def compare_math(a: str, b: str, domain: Domain = EVERYWHERE) -> Comparison:
    """Compare two texts; "unreadable" says which one could not be read, where and why."""
    found = _compare_read(a, b, domain)
    whole, other = _ungrouped(a), _ungrouped(b)
    if (whole, other) != (a, b) and _compare_read(whole, other, domain).verdict != found.verdict:
        return Comparison("unsure", "A comma may be a decimal sign or group thousands.")
    return found


def _ungrouped(text: str) -> str:
    return _GROUPED.sub(lambda number: number.group().replace(",", ""), text) if "," in text else text


def _compare_read(a: str, b: str, domain: Domain) -> Comparison:
    options = Options(symbols=_letters(a) | _letters(b))
    first, second = _read(a, options), _read(b, options)
    if isinstance(first, Unread):
        return _as_products(a, b, options, domain) or _unreadable("first", first)
    if isinstance(second, Unread):
        return _as_products(a, b, options, domain) or _unreadable("second", second)
    found = compare_expressions(first, second, domain)
    if not found.equal and (_has_long_names(first) or _has_long_names(second)):
        found = _as_products(a, b, options, domain) or found
    return _unless_read_otherwise(found, first, second, domain) if found.verdict == "different" else found


def _unless_read_otherwise(found: Comparison, first: Expr, second: Expr, domain: Domain) -> Comparison:
    """Unsure where another reading of what was written makes them equal."""
    for a, b, meaning in other_readings(first, second):
        if compare_expressions(a, b, domain).equal:
            return Comparison("unsure", f"They are equal only if {meaning}.")
    return found


def _unreadable(which: str, unread: Unread) -> Comparison:
    place = f" after “{unread.so_far}”" if unread.so_far else ""
    return Comparison("unreadable", f"The {which} formula cannot be read{place}: {unread.reason}.")


def _letters(text: str) -> frozenset[str]:
    return letters_alone(text[:LENGTH_LIMIT])


def _read(text: str, options: Options) -> Expr | Unread:
    """The formula of a text, which may have words around it, but no signs that were left unread."""
    whole = parse(text, options)
    if isinstance(whole, Parsed):
        return whole.expr
    reading = read_math(text, options)
    only_words = all(_is_words(part.source) for part in reading.leftovers)
    return reading.found[0].expr if len(reading.found) == 1 and only_words else whole


def _is_words(text: str) -> bool:
    return _SIGN.search(_IN_BRACKETS.sub("", text).strip(" =")) is None


def _has_long_names(node: Expr) -> bool:
    return any(
        isinstance(part, Sym) and 1 < len(part.name) <= 4 and part.name.isascii() for part in walk(node)
    )


def _as_products(a: str, b: str, options: Options, domain: Domain) -> Comparison | None:
    """The verdict with every short unknown word read as a product, if it is then equal."""
    split = Options(symbols=options.symbols, split=True)
    first, second = parse(a, split), parse(b, split)
    if isinstance(first, Unread) or isinstance(second, Unread):
        return None
    found = compare_expressions(first.expr, second.expr, domain)
    return Comparison("equal", f"{found.reason} Letters side by side are products.") if found.equal else None
