"""Numbers as people group and point them: `34 944`, `1.234,56`, `2'500`, `0,001`.

In count fields one separator before exactly three digits groups thousands, unless the whole part is 0 or blank;
elsewhere a lone comma or dot is decimal. Surprising: `1,500` is 1.5 in a measure and 1500 in a count.
"""

import re

_GROUP_SPACE = "[ \u00a0\u2007\u2008\u2009\u202f]"
LITERAL = re.compile(
    rf"(?<![A-Za-z_0-9.,])(?:[0-9]{{1,3}}(?:{_GROUP_SPACE}[0-9]{{3}})+(?:[.,][0-9]+)?(?![0-9.,]|{_GROUP_SPACE}?[0-9])"
    r"|[0-9]{1,3}(?:['’‘′`_][0-9]{3})+(?:[.,][0-9]+)?(?![0-9])"
    r"|[0-9]*(?:[.,][0-9]+)+(?![0-9])|[0-9]+[.,](?![0-9A-Za-z]))"
)  # fmt: skip
_SEPARATORS = frozenset(".,'’‘′`_      ")  # without one there is nothing to do
_GROUPED = {sign: re.compile(rf"[1-9][0-9]{{0,2}}(?:\{sign}[0-9]{{3}})+") for sign in ",."}


class BadLiteral(ValueError):
    """Digits and separators that make no number, such as `1.2.3`."""


def plain_literals(text: str, integer: bool) -> str:
    """The text with every number written with a decimal point and no grouping."""
    if _SEPARATORS.isdisjoint(text):
        return text
    return LITERAL.sub(lambda found: read_grouped(found.group(), integer), text)


def read_grouped(literal: str, integer: bool) -> str:
    """One number without grouping; raises BadLiteral where separators contradict each other."""
    bare = re.sub(rf"{_GROUP_SPACE}|['’‘′`_]", "", literal)
    if bare != literal:
        return bare.replace(",", ".")
    commas, dots = bare.count(","), bare.count(".")
    if commas and dots:
        return _mixed(bare)
    sign = "," if commas else "."
    grouped = _GROUPED[sign].fullmatch(bare)
    if max(commas, dots) > 1:
        if grouped is None:
            raise BadLiteral(f"“{literal}” is not a number")
        return bare.replace(sign, "")
    if integer and grouped:
        return bare.replace(sign, "")
    return bare.rstrip(",.").replace(",", ".")


def _mixed(bare: str) -> str:
    """Comma and dot: the last one is the decimal sign, the other groups."""
    point = "," if bare.rfind(",") > bare.rfind(".") else "."
    group = "." if point == "," else ","
    whole, _, rest = bare.rpartition(point)
    if point in whole or not _GROUPED[group].fullmatch(whole):
        raise BadLiteral(f"“{bare}” is not a number")
    return f"{whole.replace(group, '')}.{rest}"
