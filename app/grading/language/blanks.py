"""What does not count of a text becomes spaces, so that places stay as they are."""

import re


def blanked(text: str) -> str:
    """As many spaces, line breaks kept: "a\\nb" becomes " \\n "."""
    return "".join(" " if not character.isspace() else character for character in text)


def blank(match: re.Match[str]) -> str:
    """What a pattern found, blanked."""
    return blanked(match.group())
