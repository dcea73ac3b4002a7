"""What stands around an entry and says nothing: a label, the word "answer", an equals sign, a full stop, the quotes of code."""

import re

_BEFORE = re.compile(
    r"\s*(?:(?:answer|ans|solution|result|antwort|lösung|ergebnis)\s*:|[a-h1-9]\)\s|=(?![=>])|`+)\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?<!\.)\.\s*$|[,;]\s*$|`+\s*$")
_SIGNS_BEFORE = frozenset("=`aAsSrRlLeE123456789bcdfghBCDFGH ")
_SIGNS_AFTER = frozenset(".,;` \n")


def unframed(text: str) -> str:
    """The entry alone, everything around it blanked so that places stay.

    >>> unframed("a) y = 2x.")
    '   y = 2x '
    >>> unframed("1/2, 1/3, ...")  # the dots go on
    '1/2, 1/3, ...'
    """
    if text[-1:] in _SIGNS_AFTER and (after := _AFTER.search(text)):
        text = text[: after.start()] + " " * (len(text) - after.start())
    if text[:1] in _SIGNS_BEFORE and (before := _BEFORE.match(text)):
        text = " " * before.end() + text[before.end() :]
    return text
