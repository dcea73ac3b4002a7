"""Markdown with LaTeX between $ signs, as exam files hold it, to safe HTML.

HTML in the text stays text, links lead nowhere dangerous, and pictures are only those of the exam.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from app.rendering.math import math_error, render_math

HEADING_SHIFT = 3  # `# Hint` in a prompt becomes h4, below the page's h1, the problem's h2 and the part's h3


def render_markdown(text: str, figures: Mapping[str, Markup] | None = None) -> Markup:
    """Paragraphs, lists, tables and formulas. `![](cnn.svg)` shows the figure of that name in `figures`."""
    if not figures:
        return _without_figures(text)
    return Markup(_PARSER.render(text, {"figures": figures}))  # noqa: S704 - the parser escapes, math is listed tags


@lru_cache(maxsize=2048)
def _without_figures(text: str) -> Markup:
    return Markup(_PARSER.render(text))  # noqa: S704 - as above


@lru_cache(maxsize=2048)
def render_inline(text: str) -> Markup:
    """The same without a paragraph around it, for labels and options."""
    return Markup(_PARSER.renderInline(text))  # noqa: S704 - as above


_RAW_FORMULA = re.compile(r"\\[A-Za-z]{2,}|\$\S*[\\^_{]")


def text_faults(text: str) -> Iterator[str]:
    """What a page would show raw, a sentence each: faulty formulas, formulas outside of $ signs, pictures.

    >>> list(text_faults(r"How many are $\\frac{1}{2}$, and how many $\\frac{1 flour?"))
    ['a formula without both its $ signs: $\\\\frac{1 flour?']
    """
    for block in _PARSER.parse(text):
        for token in [block, *(block.children or ())]:
            if token.type.startswith(("math_", "amsmath")):
                if (fault := math_error(token.content)) is not None:
                    yield f"the formula {token.content[:40]} cannot be shown: {fault}"
            elif token.type == "text" and (raw := _RAW_FORMULA.search(token.content)):
                yield f"a formula without both its $ signs: {token.content[raw.start() :][:40]}"
            elif token.type == "image":
                yield "pictures in a text are not shown; list them under figures"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    parser.use(
        dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True
    )
    parser.use(amsmath_plugin)
    for kind in ("heading_open", "heading_close"):
        parser.add_render_rule(kind, _shifted_heading)
    for kind in ("math_inline", "math_inline_double", "math_block", "amsmath"):
        parser.add_render_rule(kind, _math)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("image", _figure)
    return parser


def _math(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: Any
) -> str:
    """The formula without the wrappers of the plugins."""
    formula = render_math(tokens[index].content, display=tokens[index].type != "math_inline")
    return f"<p>{formula}</p>\n" if tokens[index].block else str(formula)


def _shifted_heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    level = min(int(tokens[index].tag[1:]) + HEADING_SHIFT, 6) if tokens[index].tag else 6
    shifted = tokens[index].copy(tag=f"h{level}")
    return renderer.renderToken([*tokens[:index], shifted, *tokens[index + 1 :]], index, options, env)


def _table_open(
    _renderer: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: Any
) -> str:
    """A wide table scrolls by itself, also by keyboard, and not the whole page."""
    return '<div class="table-scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n'


def _table_close(
    _renderer: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: Any
) -> str:
    return "</table>\n</div>\n"


def _figure(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: Any
) -> str:
    name = str(tokens[index].attrGet("src") or "")
    known: Mapping[str, Markup] = env.get("figures", {})
    missing = Markup('<em class="figure-missing">[no figure {} in this exam: {}]</em>')
    return str(known.get(name) or missing.format(name, tokens[index].content))


_PARSER = _parser()
