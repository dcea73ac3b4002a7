"""JSON Lines as people and other programs make them: the object of a line, or why there is none."""

import json
from typing import Any

MOST_DIGITS = 1_000


def read_object(line: str, most: int) -> dict[str, Any] | str:
    """The object of a line of at most `most` characters, or one sentence that says what is wrong with it.

    A key given twice is refused, not overwritten; the byte order mark that Windows puts before a file is passed over.

    >>> read_object('{"id": 1}', 100), read_object('{"id": 1, "id": 2}', 100)
    ({'id': 1}, "not JSON: the key 'id' is given twice")
    """
    if len(line) > most:
        return f"longer than {most} characters"
    try:
        value = json.loads(
            line.removeprefix("\ufeff"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_int=_whole,
        )
    except RecursionError:
        return "not JSON: nested too deeply"
    except ValueError as error:
        return f"not JSON: {error}"
    return value if isinstance(value, dict) else "not an object"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} is given twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of more than {MOST_DIGITS} digits")
    return int(digits)
