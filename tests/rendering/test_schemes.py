"""Figures that are loaded as pictures, in both colour schemes."""

from pathlib import Path

import pytest

from app.rendering.schemes import in_both_schemes
from app.rendering.xml import parse_xml

FIGURES = sorted((Path(__file__).parents[2] / "exams").glob("*/*.svg"))
DARK = b"@media (prefers-color-scheme:dark)"


def test_a_drawing_that_names_its_roles_gets_light_ink_in_the_dark() -> None:
    shown = in_both_schemes(b'<svg viewBox="0 0 9 9"><path class="fig-ink" d="M0 0H9"/></svg>')

    rules = shown.partition(DARK)[2]
    assert b".fig-ink{color:#e9e7e1}" in rules
    assert b"background" not in shown


def test_any_other_drawing_brings_its_paper_which_does_not_glare() -> None:
    shown = in_both_schemes(b'<svg viewBox="0 0 9 9"><path d="M0 0H9"/></svg>')

    light, _, dark = shown.partition(DARK)
    assert b"background:#fff" in light
    assert b"background:#dedbd3" in dark


def test_a_sign_in_an_attribute_does_not_end_the_tag() -> None:
    shown = in_both_schemes(b'<?xml version="1.0"?>\n<svg aria-label="a > b"><g/></svg>')

    assert shown.startswith(b'<?xml version="1.0"?>\n<svg aria-label="a > b"><style>')


@pytest.mark.parametrize("other", [b"", b"no picture", b"<svg/>", b"<svgfoo>"])
def test_what_is_no_drawing_stays_as_it_is(other: bytes) -> None:
    assert in_both_schemes(other) == other


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.name)
def test_the_figures_of_our_exams_take_part_and_stay_sound(figure: Path) -> None:
    shown = in_both_schemes(figure.read_bytes())

    assert b".fig-ink{color" in shown
    parse_xml(shown.decode())
