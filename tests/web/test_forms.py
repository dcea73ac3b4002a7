"""What forms send becomes what is stored, and what is stored is shown again as it was entered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.grading.fields import FIELDS
from app.grading.fields.choice import Choice
from app.grading.fields.choices import Choices
from app.grading.fields.graph import GraphSpec
from app.grading.fields.math import Math
from app.grading.fields.matrix import Matrix
from app.grading.fields.number import Number
from app.grading.fields.numbers import Numbers
from app.grading.fields.sketch import SketchSpec
from app.grading.fields.table import Column, Table
from app.grading.fields.text import Text
from app.web.forms import FORM_READERS, read_answers
from app.web.widgets import SHOWN, field_view

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "forms.yaml").read_text(encoding="utf-8"))
SPECS: Mapping[str, Any] = {
    "choices": Choices(options=("one", "two", "three")),
    "choice": Choice(options=("forget", "output")),
    "text": Text(),
    "math": Math(),
    "number": Number(),
    "numbers": Numbers(count=3),
    "matrix": Matrix(rows=2, cols=2),
    "free": Table(rows=1, most=3, columns={"name": Column(kind="text"), "size": Column(kind="number")}),
    "fixed": Table(rows=("train set", "test"), column=Column(kind="choice", options=("low", "high"))),
    "graph": GraphSpec(),
    "sketch": SketchSpec(x=(0, 10), y=(-0.2, 1.2)),
}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["nodes", "edges", "strokes", "id", "x", "name", "test"]), inner)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['field']}: {case['why']}")
def test_a_form_becomes_the_stored_value(case: Mapping[str, Any]) -> None:
    pairs = [
        ("2a.it" + (f".{tail}" if tail else ""), one) for tail, sent in case["form"].items() for one in sent
    ]
    answers = read_answers({"2a": {"it": SPECS[case["field"]]}}, [("part", "2a"), *pairs])

    assert answers == {"2a": {} if case["stored"] is None else {"it": case["stored"]}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['field']}: {case['why']}")
def test_what_a_form_stores_is_never_malformed_but_where_it_cannot_be_read(case: Mapping[str, Any]) -> None:
    spec = SPECS[case["field"]]
    reading = FIELDS[spec.kind].read(spec, case["stored"])

    is_kept_as_typed = case["field"] == "sketch" and any(
        isinstance(stroke, str) for stroke in (case["stored"] or {"strokes": []})["strokes"]
    )
    assert getattr(reading, "malformed", False) == is_kept_as_typed


def test_every_kind_of_field_has_a_form() -> None:
    assert set(FORM_READERS) == set(SHOWN) == set(FIELDS)


def test_only_parts_that_the_form_names_are_read() -> None:
    parts = {"1a": {"it": Text()}, "1b": {"it": Text()}}
    form = [("part", "1a"), ("1a.it", "kept"), ("1b.it", "not named"), ("part", "9z")]

    assert read_answers(parts, form) == {"1a": {"it": "kept"}}


def test_an_upload_in_place_of_a_text_is_no_answer() -> None:
    assert read_answers({"1a": {"it": Text()}}, [("part", "1a"), ("1a.it", object())]) == {"1a": {}}


@pytest.mark.parametrize("kind", SPECS)
@given(raw=ANY_JSON)
def test_any_stored_json_can_be_shown(kind: str, raw: Any) -> None:
    view = field_view("2a", "it", SPECS[kind], raw)

    assert view.status.state in {"blank", "read", "unreadable"}


def test_what_cannot_be_read_is_said_on_the_page_without_scripts() -> None:
    table = [{"name": "train", "size": "many"}]

    assert field_view("2a", "it", Number(), "about 12").status.state == "unreadable"
    assert field_view("2a", "it", Number(), "1/4").status.sentence == "= 0.25"
    assert field_view("3c", "it", SPECS["free"], table).status.state == "unreadable"
