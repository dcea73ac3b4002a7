"""A step function under a name of the student's own, explained in words: `w*u(wx) with u the unit step`."""

import re
import unicodedata

LONGEST = 400
_EXPLAINED = re.compile(
    r"[,;.(]?\s*(?:\b(?:with|where|mit|wobei)\b\s*)?"
    r"(?:(?<!\w)(?P<before>\\?[^\W\d_]{1,7})\s*(?:=|:|is|being|denotes|ist)?\s*)?(?:\b(?:the|a|die)\b\s*)?"
    r"\b(?:unit[\s-]step|heaviside(?:[\s-]step)?|step)(?:[\s-]function)?(?:\s+(?P<after>[^\W\d_]))?\s*[.)]?\s*$",
    re.IGNORECASE,
)


def with_named_step(text: str) -> str | None:
    """The text with the name replaced and the words dropped; None where no letter is said to be the step function.

    >>> with_named_step("w*u(wx) with u the unit step")
    'w*heaviside(wx)'
    """
    explained = _EXPLAINED.search(text) if len(text) <= LONGEST else None
    if explained is None:
        return None
    for name in filter(None, explained.group("before", "after")):
        pattern = rf"(?<!\w){_written(name)}(?=\s*[(\[])"
        formula, times = re.subn(pattern, "heaviside", text[: explained.start()])
        if times:
            return formula.strip()
    return None


def _written(name: str) -> str:
    r"""The pattern for all ways to write a name: `Θ`, `Theta` and `\Theta` are one."""
    letter = unicodedata.name(name, "") if len(name) == 1 else ""
    if "GREEK" in letter and " LETTER " in letter:
        word = letter.rsplit(" ", 1)[1]
        word = word.title() if "CAPITAL" in letter else word.lower()
        return rf"(?:{name}|\\?{word})"
    return rf"\\?{re.escape(name.removeprefix(chr(92)))}"
