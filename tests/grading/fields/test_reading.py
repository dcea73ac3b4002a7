"""What is read from an answer, kind by kind: blank, unreadable with a reason, malformed, or a value."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.grading.fields import FIELDS, read_part
from app.grading.fields.table import Row
from app.grading.types import Unreadable, Value
from tests.grading.anything import anything
from tests.grading.rows import files_in, plain, rows, state, written

CASES = [row for path in files_in(Path(__file__).parent) for row in rows(path)]
SPECS = {
    "choices": {"options": ["a", "b"]},
    "choice": {"options": ["low", "high"]},
    "text": {},
    "math": {},
    "number": {},
    "numbers": {"count": 3},
    "matrix": {"rows": 1, "cols": 2},
    "table": {
        "rows": 4,
        "columns": {
            "name": {"kind": "text"},
            "source": {"kind": "choice", "options": ["web", "phone"]},
            "size": {"kind": "number", "integer": True},
        },
        "roles": {"train": ["train"], "test": ["test"]},
    },
    "fixed table": {"rows": ["train", "test"], "column": {"kind": "choice", "options": ["low", "high"]}},
    "graph": {},
    "sketch": {"x": [0, 10], "y": [0, 1]},
}
FIELDS_BY_SPEC = {
    name: written(FIELDS[name.removeprefix("fixed ")].spec, keys) for name, keys in SPECS.items()
}


@pytest.mark.parametrize(("field", "case"), CASES)
def test_an_entry_is_read_as(field: dict[str, Any], case: dict[str, Any]) -> None:
    kind = FIELDS[field["kind"]]

    reading = kind.read(written(kind.spec, field), case["answer"])

    assert state(reading) == case.get("is", "value")
    if isinstance(reading, Value):
        assert shown(reading.value) == case["value"]
        assert plain(reading.others) == case.get("others", [])
    if isinstance(reading, Unreadable) and "reason" in case:
        assert case["reason"] in reading.reason


def shown(value: Any) -> Any:
    """Rows of a table by their role and what their cells say."""
    if isinstance(value, tuple) and value and isinstance(value[0], Row):
        return [
            {"role": row.role, **{name: _cell(cell) for name, cell in row.cells.items()}} for row in value
        ]
    return plain(value)


def _cell(cell: Any) -> Any:
    return plain(cell.value) if isinstance(cell, Value) else state(cell)


@given(name=st.sampled_from(sorted(SPECS)), raw=anything)
def test_no_json_of_any_kind_raises(name: str, raw: Any) -> None:
    spec = FIELDS_BY_SPEC[name]

    reading = FIELDS[spec.kind].read(spec, raw)

    assert state(reading) in ("blank", "unreadable", "malformed", "value")


@given(raw=anything)
def test_no_answer_of_a_part_raises(raw: Any) -> None:
    readings = read_part(FIELDS_BY_SPEC, raw)

    assert set(readings) == set(FIELDS_BY_SPEC)


def test_a_field_that_was_not_sent_is_blank() -> None:
    readings = read_part({"mu": FIELDS_BY_SPEC["matrix"], "why": FIELDS_BY_SPEC["text"]}, {"why": "because"})

    assert (state(readings["mu"]), state(readings["why"])) == ("blank", "value")


def test_one_cell_that_cannot_be_read_spoils_no_other() -> None:
    raw = [{"name": "train", "size": "about 80000"}, {"name": "test", "size": "5000"}]

    reading = read_part({"split": FIELDS_BY_SPEC["table"]}, {"split": raw})["split"]

    assert isinstance(reading, Value)
    assert "row 1, size" in reading.echo
    assert plain(reading.value[1].value("size")) == "5000"


def test_numbers_that_json_readers_let_through_are_no_coordinates() -> None:
    raw = json.loads('{"strokes": [[[NaN, 0], [Infinity, 1e999]]]}')

    assert state(FIELDS["sketch"].read(FIELDS_BY_SPEC["sketch"], raw)) == "malformed"


@pytest.mark.parametrize(
    ("kind", "keys", "reason"),
    [
        ("choices", {"options": []}, "needs options"),
        ("choice", {"options": ["low", ""]}, "cannot be empty"),
        ("numbers", {"count": 3, "labels": ["height"]}, "as many labels as numbers"),
        ("matrix", {"rows": 2, "cols": 2, "either_way": True}, "single row or column"),
        ("table", {"rows": 4}, "free rows need columns"),
        ("table", {"rows": ["train"]}, "fixed rows need one column"),
        ("sketch", {"x": [10, 0], "y": [0, 1]}, "from a smaller to a larger number"),
    ],
)
def test_a_field_that_cannot_work_is_refused(kind: str, keys: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        written(FIELDS[kind].spec, keys)
