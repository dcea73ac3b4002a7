"""Cases as rows of YAML: loading them, and building what an exam author wrote."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

import app.exams.kinds  # noqa: F401  (makes the dataclasses read keys as an exam file has them)
from app.grading.types import Blank, Reading, Unreadable


def rows(path: Path) -> list[Any]:
    """Test parameters (the group's own keys, the case) of a file of groups of cases, named by `why`."""
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        pytest.param({key: value for key, value in group.items() if key != "cases"}, case, id=case["why"])
        for group in groups
        for case in group["cases"]
    ]


def written(kind: type, keys: Any) -> Any:
    """The dataclass of a field or rule, from its keys as they stand in an exam file (`is` for `is_`)."""
    return TypeAdapter(kind).validate_python({key: value for key, value in keys.items() if key != "kind"})


def state(reading: Reading) -> str:
    """What became of an entry, in one word."""
    if isinstance(reading, Blank):
        return "blank"
    if isinstance(reading, Unreadable):
        return "malformed" if reading.malformed else "unreadable"
    return "value"


def plain(value: Any) -> Any:
    """A value as YAML shows it: fractions as text, sets and tuples as lists, what has named attributes as mappings."""
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    match value:
        case Fraction():
            return str(value)
        case frozenset():
            return sorted(value)
        case tuple() | list():
            return [plain(one) for one in value]
        case dict():
            return {key: plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return value


def files_in(folder: Path) -> Iterator[Path]:
    """The case files beside a test module."""
    return iter(sorted((folder / "cases").glob("*.yaml")))
