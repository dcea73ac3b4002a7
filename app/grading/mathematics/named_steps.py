"""A step function under a name of the student's own, explained in words: `w*u(wx) with u the unit step`."""

import re

LONGEST = 400
_EXPLAINED = re.compile(
    r"[,;.(]?\s*(?:\b(?:with|where|mit|wobei)\b\s*)?"
    r"(?:(?<!\w)(?P<before>[^\W\d_])\s*(?:=|:|is|being|denotes|ist)?\s*)?(?:\b(?:the|a|die)\b\s*)?"
    r"\b(?:unit[\s-]step|heaviside(?:[\s-]step)?|step)(?:[\s-]function)?(?:\s+(?P<after>[^\W\d_]))?\s*[.)]?\s*$",
    re.IGNORECASE,
)


def with_named_step(text: str) -> str | None:
    """The text with the name replaced and the words dropped; None where no letter is said to be the step function.

    >>> with_named_step("w*u(wx) with u the unit step")
    'w*heaviside(wx)'
    """
    explained = _EXPLAINED.search(text) if len(text) <= LONGEST else None
    letter = (explained.group("before") or explained.group("after")) if explained else None
    if explained is None or letter is None:
        return None
    formula, times = re.subn(rf"(?<!\w){letter}(?=\s*[(\[])", "heaviside", text[: explained.start()])
    return formula.strip() if times else None
