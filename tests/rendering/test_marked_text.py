import re
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from app.grading.types import Outcome
from app.rendering.answers import Span, render_text_with_math

MARK = re.compile(r'<mark class="([^"]*)" data-criterion="([^"]*)">(.*?)</mark>', re.DOTALL)


def marks(text, *spans):
    return [tuple(found.groups()) for found in MARK.finditer(render_text_with_math(text, spans))]


def test_what_was_typed_is_shown_as_typed():
    assert render_text_with_math("a < b & <script>\r\nnext\n\nlast") == (
        "a &lt; b &amp; &lt;script&gt;<br>\nnext<br>\n<br>\nlast"
    )


def test_a_place_that_counts_is_marked_with_its_criterion():
    assert marks("60/20/20, day and night", Span(0, 8, "percentages")) == [
        ("ev ev-met", "percentages", "60/20/20")
    ]


def test_verdicts_differ_by_class():
    assert marks("abc", Span(0, 1, "p", Outcome.UNSURE), Span(2, 3, "q", Outcome.NOT_MET)) == [
        ("ev ev-unsure", "p", "a"),
        ("ev ev-not-met", "q", "c"),
    ]


def test_offsets_count_code_points():
    assert marks("😀é day", Span(3, 6, "p")) == [("ev ev-met", "p", "day")]


def test_where_spans_overlap_the_mark_names_both_criteria():
    assert marks("abcdef", Span(0, 4, "p"), Span(2, 6, "q", Outcome.UNSURE)) == [
        ("ev ev-met", "p", "ab"),
        ("ev ev-met ev-unsure", "p q", "cd"),
        ("ev ev-unsure", "q", "ef"),
    ]


def test_one_span_inside_another_and_the_same_span_twice():
    assert marks("abcd", Span(0, 4, "p"), Span(1, 2, "q"), Span(1, 2, "q")) == [
        ("ev ev-met", "p", "a"),
        ("ev ev-met", "p q", "b"),
        ("ev ev-met", "p", "cd"),
    ]


def test_a_span_that_touches_a_formula_marks_the_whole_formula():
    shown = render_text_with_math("so $x^2$ it is", [Span(0, 5, "p")])

    assert re.fullmatch(r'<mark class="ev ev-met" data-criterion="p">so <math>.*</math></mark> it is', shown)


def test_empty_and_far_spans_mark_nothing():
    assert render_text_with_math("abc", [Span(1, 1, "p"), Span(2, 1, "p"), Span(9, 12, "p")]) == "abc"


def test_formulas_are_shown_and_prices_are_not():
    assert "<msup>" in render_text_with_math("then $x^2$ follows")
    assert 'display="block"' in render_text_with_math("$$\nx\n$$")
    assert render_text_with_math("between $5 and $6, or $ 7 $") == "between $5 and $6, or $ 7 $"


def test_a_hostile_criterion_name_stays_in_its_attribute():
    shown = render_text_with_math("a", [Span(0, 1, '"><script>')])

    assert "<script" not in shown


spans = st.builds(
    Span, st.integers(-3, 30), st.integers(-3, 30), st.sampled_from(["p", "q", "r"]), st.sampled_from(Outcome)
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "$", "$x$", "<", "\n", " ", "1", "\\"]), max_size=20),
    st.lists(spans, max_size=5),
)
def test_marking_adds_nothing_to_the_text_and_takes_nothing_away(pieces, several):
    text = "".join(pieces)
    plain = ElementTree.fromstring(f"<p>{render_text_with_math(text).replace('<br>', '<br/>')}</p>")
    marked = ElementTree.fromstring(f"<p>{render_text_with_math(text, several).replace('<br>', '<br/>')}</p>")

    assert "".join(marked.itertext()) == "".join(plain.itertext())
