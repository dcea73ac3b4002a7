import pytest
from markupsafe import Markup

from app.rendering.markdown import render_inline, render_markdown


def test_formulas_between_dollar_signs_are_shown():
    assert "<msup>" in render_markdown("The square $x^2$.")
    assert 'display="block"' in render_markdown("$$\nx\n$$")
    assert 'display="block"' in render_markdown("\\begin{align*}a&=b\\end{align*}")


def test_prices_and_code_are_no_formulas():
    shown = render_markdown("It costs $5 and then $6.\n\nSee `$code$`.")

    assert "<math" not in shown
    assert "<code>$code$</code>" in shown


def test_a_faulty_formula_leaves_the_rest_of_the_text_alone():
    shown = render_markdown(r"before $\nonsense$ after")

    assert shown.startswith('<p>before <code class="math-raw"')
    assert shown.endswith("after</p>\n")


@pytest.mark.parametrize(
    ("source", "tag"), [("# A", "h4"), ("## A", "h5"), ("### A", "h6"), ("###### A", "h6"), ("A\n===", "h4")]
)
def test_headings_stay_below_those_of_the_page(source, tag):
    assert render_markdown(source) == f"<{tag}>A</{tag}>\n"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://elsewhere.example/x.png)",
        "![x](javascript:alert(1))",
        '[x](https://example.org/"onclick=alert(1))',
        "$x^\\operatorname{</math><svg/onload=alert(1)>}$",
        "```<script>\n</script>\n```",
    ],
)
def test_nothing_in_a_text_runs_or_loads(source):
    shown = render_markdown(source)

    for danger in (
        "<script",
        "<img",
        "<svg",
        'href="javascript',
        'href="data',
        'onclick="',
        "onload=alert(1)>\n<",
    ):
        assert danger not in shown


def test_a_picture_is_a_figure_of_the_exam():
    figures = {"cnn.svg": Markup("<svg></svg>")}

    assert render_markdown("![layers](cnn.svg)", figures) == "<p><svg></svg></p>\n"


def test_an_unknown_picture_is_named():
    assert "no figure other.svg in this exam: layers" in render_markdown("![layers](other.svg)")


def test_a_wide_table_scrolls_by_itself_and_by_keyboard():
    shown = render_markdown("| a | b |\n|---|---|\n| 1 | 2 |")

    assert shown.startswith('<div class="table-scroll" tabindex="0"')
    assert "<td>2</td>" in shown
    assert shown.endswith("</table>\n</div>\n")


def test_two_display_formulas_with_the_same_label_make_no_double_ids():
    assert "id=" not in render_markdown("$$x$$ (1)\n\n$$y$$ (1)")


def test_labels_have_no_paragraph_around_them():
    assert render_inline("*lower* than") == "<em>lower</em> than"
