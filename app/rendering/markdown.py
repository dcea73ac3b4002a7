"""Markdown with LaTeX between $ signs, from exam files, to safe HTML. Raw HTML stays text; links go nowhere dangerous."""

from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from app.rendering.math import render_math


def _math(tex: str, options: dict[str, Any]) -> str:
    return str(render_math(tex, display=bool(options.get("display_mode"))))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": False})
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True, renderer=_math)
    parser.use(amsmath_plugin, renderer=lambda tex: _math(tex, {"display_mode": True}))
    parser.disable(["image", "html_block", "html_inline", "heading", "lheading"])
    return parser


_PARSER = _parser()


@lru_cache(maxsize=2_000)
def render_markdown(text: str) -> Markup:
    """Paragraphs, lists, tables and formulas."""
    return Markup(_PARSER.render(text))  # noqa: S704  (the parser escapes; formulas come through an allow-list)


@lru_cache(maxsize=2_000)
def render_inline(text: str) -> Markup:
    """The same without a paragraph around it, for labels and options."""
    return Markup(_PARSER.renderInline(text))  # noqa: S704
