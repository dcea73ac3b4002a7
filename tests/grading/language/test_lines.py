"""Lines that a narrow window or a habit broke."""

import pytest

from app.grading.language.lines import unwrapped

LONG = "We should take a larger network because this one is"


def test_a_long_line_without_an_end_goes_on_in_the_next() -> None:
    assert unwrapped(f"{LONG}\ntoo small.") == f"{LONG} too small."


@pytest.mark.parametrize(
    "after",
    [
        "Too small.",
        "- too small",
        "b) too small",
        "backward: gets gradients",
        "y = 2x",
        "the backward pass: gradients",
    ],
)
def test_a_line_that_begins_something_stays_one(after: str) -> None:
    assert unwrapped(f"{LONG}\n{after}") == f"{LONG}\n{after}"


@pytest.mark.parametrize("before", ["small network", f"{LONG} small.", f"{LONG}:", f"{LONG};"])
def test_short_lines_and_those_with_an_end_stay_apart(before: str) -> None:
    assert unwrapped(f"{before}\nlarge network") == f"{before}\nlarge network"
