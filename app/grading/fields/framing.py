"""What stands around an entry and says nothing: a label, the word "answer", an equals sign, a full stop, the quotes of code."""

import re

_BEFORE = re.compile(
    r"\s*+(?:(?:answer|ans|solution|result|antwort|lösung|ergebnis)\s*+:|[a-h1-9]\)\s|\([a-h]\)\s(?=[^=\n(][^=\n]{0,20}=)|=(?![=>])|`++)\s*+",
    re.IGNORECASE,
)
_SIGNS_BEFORE = frozenset("=`(aAsSrRlLeE123456789bcdfghBCDFGH ")


def unframed(text: str) -> str:
    """The entry alone, everything around it blanked so that places stay.

    >>> unframed("a) y = 2x.")
    '   y = 2x '
    >>> unframed("1/2, 1/3, ...")  # the dots go on
    '1/2, 1/3, ...'
    """
    if text.isalnum():  # a number or a word alone
        return text
    bare = _without_end(text.rstrip())
    if text[:1] in _SIGNS_BEFORE and (before := _BEFORE.match(bare)):
        bare = " " * before.end() + bare[before.end() :]
    return bare.ljust(len(text)) if bare.strip() != text.strip() else text


def _without_end(text: str) -> str:
    """Without the sign that ends it; the dots of "…, ..." are none."""
    if text.endswith("`"):
        return text.rstrip("`")
    if text.endswith((",", ";")) or (text.endswith(".") and not text.endswith("..")):
        return text[:-1]
    return text
