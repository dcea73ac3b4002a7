"""Two texts compared as mathematics: what `endterm compare` prints for kind math.

`3x^2` and `3*x**2` are equal. Surprising: `ab` and `b*a` are equal too (letters side by side are read as a product
where that makes sense), while `1/2x` against `1/(2x)` is left to a person.
"""

from functools import lru_cache

from app.grading.mathematics.equality import EVERYWHERE, Comparison, Domain
from app.grading.mathematics.finding import read_math
from app.grading.mathematics.names import letters_alone
from app.grading.mathematics.parsing import Parsed, Unread, parse
from app.grading.mathematics.relations import compare_expressions
from app.grading.mathematics.tokens import LENGTH_LIMIT, Options
from app.grading.mathematics.tree import Div, Expr, Mul, Sym, rebuilt, walk


@lru_cache(maxsize=4096)
def compare_math(a: str, b: str, domain: Domain = EVERYWHERE) -> Comparison:
    """Compare two texts; "unreadable" says which one could not be read, where and why."""
    options = Options(symbols=_letters(a) | _letters(b))
    first, second = _read(a, options), _read(b, options)
    if isinstance(first, Unread):
        return _as_products(a, b, options, domain) or _unreadable("first", first)
    if isinstance(second, Unread):
        return _as_products(a, b, options, domain) or _unreadable("second", second)
    found = compare_expressions(first, second, domain)
    if not found.equal and (_has_long_names(first) or _has_long_names(second)):
        found = _as_products(a, b, options, domain) or found
    if found.verdict == "different" and _equal_otherwise(first, second, domain):
        return Comparison("unsure", "They are equal only if a/b c is read as a/(b c).")
    return found


def _unreadable(which: str, unread: Unread) -> Comparison:
    place = f" after “{unread.so_far}”" if unread.so_far else ""
    return Comparison("unreadable", f"The {which} formula cannot be read{place}: {unread.reason}.")


def _letters(text: str) -> frozenset[str]:
    return letters_alone(text[:LENGTH_LIMIT])


def _read(text: str, options: Options) -> Expr | Unread:
    whole = parse(text, options)
    if isinstance(whole, Parsed):
        return whole.expr
    found = read_math(text, options).found
    return found[0].expr if len(found) == 1 else whole


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


def _equal_otherwise(first: Expr, second: Expr, domain: Domain) -> bool:
    """Whether `a/b c`, read as a/(b c), would make them equal."""
    if not any(isinstance(node, Mul) and node.tight for tree in (first, second) for node in walk(tree)):
        return False
    readings = [(_loose(first), second), (first, _loose(second)), (_loose(first), _loose(second))]
    return any(compare_expressions(x, y, domain).equal for x, y in readings)


def _loose(node: Expr) -> Expr:
    """The other reading of a product behind a slash."""
    if isinstance(node, Mul) and node.tight and isinstance(node.factors[0], Div):
        first = node.factors[0]
        return Div(_loose(first.top), Mul(tuple(_loose(part) for part in (first.bottom, *node.factors[1:]))))
    return rebuilt(node, _loose)
