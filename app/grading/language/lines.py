"""Lines that are broken because the line was full, not because a statement ended."""

import re

_BROKEN = re.compile(r"(?<=[^\n]{24}[\w,)])\n(?=[a-zäöüß])(?!\w{1,2}[).:]|\w+ ?[:=]|[^\n]{0,24}:)")


def unwrapped(text: str) -> str:
    """The text with such line breaks as spaces: after a long line without an end that goes on with a small letter.

    >>> unwrapped("the model is too small, so take a\\nlarger network")
    'the model is too small, so take a larger network'
    >>> unwrapped("forward: gives the output to the next\\nbackward: gives gradients")  # a heading
    'forward: gives the output to the next\\nbackward: gives gradients'
    """
    return _BROKEN.sub(" ", text) if "\n" in text else text
