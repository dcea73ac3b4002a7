from pathlib import Path
from time import perf_counter
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from math_core import LatexToMathML

from app.rendering.math import ATTRIBUTES, MATH_TAGS, STYLES, TEXT_TAGS, declarations, math_error, render_math

CASES = Path(__file__).parent / "cases"


def cases(name):
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases("formulas.yaml"), ids=lambda case: case["tex"])
def test_a_formula_is_shown_as_mathml(case):
    shown = render_math(case["tex"])

    assert math_error(case["tex"]) is None
    assert shown.startswith("<math>")
    for piece in case["holds"]:
        assert piece in shown


@pytest.mark.parametrize("case", cases("faulty_formulas.yaml"), ids=lambda case: case["tex"])
def test_a_faulty_formula_shows_its_source_and_the_reason(case):
    shown = ElementTree.fromstring(render_math(case["tex"]))

    assert case["reason"] in math_error(case["tex"])
    assert shown.tag == "code"
    assert shown.get("class") == "math-raw"
    assert shown.text == case["tex"]
    assert case["reason"] in shown.get("title")
    assert list(shown) == []


def test_the_source_stays_with_the_formula_for_screen_readers_and_copying():
    shown = ElementTree.fromstring(render_math("a < b"))

    assert shown.findtext(".//annotation") == "a < b"


def test_a_display_formula_stands_alone():
    shown = render_math("x", display=True)

    assert shown.startswith('<span class="math-display"><math display="block">')


@pytest.mark.parametrize(
    "bomb",
    [
        "{" * 1000 + "}" * 1000,
        "{" * 10_000,
        r"\frac" * 390,
        r"\sqrt " * 333 + "x",
        r"\left(" * 280,
        "(" * 2000,
    ],
    ids=["braces", "open braces", "fractions", "roots", "fences", "brackets"],
)
def test_a_bomb_is_answered_at_once(bomb):
    start = perf_counter()

    render_math(bomb)

    assert perf_counter() - start < 1


def test_the_most_brackets_that_are_let_through_take_no_second():
    start = perf_counter()

    assert math_error("(" * 12 + "x" * 1988) is None
    assert perf_counter() - start < 1


def test_half_a_character_is_a_fault_and_the_page_can_still_be_written():
    assert math_error("x\ud800") == "the formula holds half of a character"
    render_math("x\ud800").encode()


def test_every_style_that_the_converter_writes_has_a_class_or_is_known_to_be_dropped():
    """An update of math-core that writes other styles fails here."""
    dropped = {"justify-items:start", "justify-items:end", "color:#FF0000"}
    sources = [
        r"\begin{cases}a&b\\c&d\end{cases}",
        r"\begin{align}a&=b\\c&=d\end{align}",
        r"\begin{align*}a&=b\end{align*}",
        r"\begin{gather*}a\\b\end{gather*}",
        r"\begin{array}{|l|c:r|}\hline a&b&c\\\hdashline d&e&f\\\hline\end{array}",
        r"\begin{pmatrix}a&b\end{pmatrix}",
        r"\color{red}{x}",
    ]
    converter = LatexToMathML(fancy_error=False)

    written = set()
    for source in sources:
        for element in ElementTree.fromstring(
            converter.convert_with_local_state(source, displaystyle=True)
        ).iter():
            written.update(declarations(element.get("style", "")))

    assert written - dropped <= set(STYLES)
    assert len(written) > 8


PIECES = st.sampled_from(
    r"\frac \operatorname \text \overset ^ _ { } & \\ \left( \right) ( ) [ ] \begin{matrix} \end{matrix}"
    r" < > <svg/onload=alert(1)> </math> <b> </b> <mi> </mi> onclick="
    r' "x" &lt; &#60; &quot; \mathbb \color{red} \pmod \label{a} \eqref{a} \tag{1} \hat $ % # ~ \x'.split()
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_whatever_is_typed_the_output_holds_only_listed_tags_and_attributes(tex):
    shown = render_math(tex)
    if math_error(tex) is not None:
        assert shown.startswith('<code class="math-raw"')
        assert "<" not in shown.removeprefix("<").removesuffix("</code>")
        return

    for element in ElementTree.fromstring(shown).iter():
        assert element.tag in MATH_TAGS | TEXT_TAGS
        assert set(element.attrib) <= ATTRIBUTES | {"class"}
