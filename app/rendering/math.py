r"""LaTeX formulas as MathML that is safe to put on a page.

`math-core` converts; we do not trust it. Version 0.9.0 lets `x^\operatorname{<svg/onload=...>}` through
unescaped, and some sources make it hang or crash. So its input is checked before (see `latex.py`), and its
output is parsed as XML and cut down to listed tags and attributes after. Nothing else may call `math-core`.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

from markupsafe import Markup
from math_core import LatexError, LatexToMathML

from app.rendering.latex import source_fault
from app.rendering.xml import XmlFault, as_html, parse_xml

MOST_OUTPUT = 400_000  # characters of MathML

_CONVERTER = LatexToMathML(
    fancy_error=False, annotation=True, macros={"hdots": r"\ldots"}, max_expansions=200
)

MATH_TAGS = frozenset(
    "math semantics annotation mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom"
    " msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd menclose".split()
)
TEXT_TAGS = frozenset({"b", "i", "em", "code", "s", "u", "span"})  # inside mtext only
ATTRIBUTES = frozenset(
    "accent accentunder columnspan depth display displaystyle encoding fence form height largeop"
    " linethickness lspace mathvariant maxsize minsize movablelimits notation rowspan rspace scriptlevel"
    " separator stretchy symmetric voffset width".split()
)
_ATTRIBUTE_VALUE = re.compile(r"[\w .%/+-]{0,60}")

# What math-core writes as style, and our class for it: pages forbid style attributes. Colours are left out
# on purpose: a colour fit for white paper is unreadable in the dark.
STYLES = {
    "text-align:left": "math-left",
    "text-align:right": "math-right",
    "text-align:center": "math-center",
    "padding-left:0": "math-tight-left",
    "padding-right:0": "math-tight-right",
    "padding-left:1em": "math-wide-left",
    "padding-top:0.1667em": "math-open",
    "border-top:0.05em solid currentcolor": "math-rule-top",
    "border-left:0.05em solid currentcolor": "math-rule-left",
    "border-right:0.05em solid currentcolor": "math-rule-right",
    "border-top:0.05em dashed currentcolor": "math-dash-top",
    "border-left:0.05em dashed currentcolor": "math-dash-left",
    "border-right:0.05em dashed currentcolor": "math-dash-right",
    "width:100%": "math-full",
    "width:50%": "math-half",
}
_CLASSES = frozenset(STYLES.values()) | {
    "menclose-updiagonalstrike",
    "menclose-downdiagonalstrike",
    "menclose-phasorangle",
}


class MathFault(ValueError):
    """The formula cannot be shown; the message says why, for the person who wrote it."""


def render_math(tex: str, display: bool = False) -> Markup:
    """The formula as MathML; a faulty one as its source, with the reason as a tooltip."""
    try:
        formula = Markup(_mathml(tex, display))  # noqa: S704 - rebuilt from listed tags and attributes
    except MathFault as fault:
        return Markup('<code class="math-raw" title="Not shown as a formula: {}">{}</code>').format(
            fault, _printable(tex)
        )
    return Markup('<span class="math-display">{}</span>').format(formula) if display else formula


def _printable(tex: str) -> str:
    """Halves of characters, which no page can be written with, become question marks."""
    return tex.encode("utf-8", "replace").decode()


def math_error(tex: str) -> str | None:
    """Why a formula cannot be shown, or None if it can."""
    try:
        _mathml(tex, False)
    except MathFault as fault:
        return str(fault)
    return None


@lru_cache(maxsize=2048)
def _mathml(tex: str, display: bool) -> str:
    if (fault := source_fault(tex)) is not None:
        raise MathFault(fault)
    try:
        converted = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise MathFault(_readable(str(error))) from None
    except UnicodeEncodeError:
        raise MathFault("the formula holds half of a character") from None
    if len(converted) > MOST_OUTPUT:
        raise MathFault("the formula is too large")
    try:
        root = parse_xml(converted)
    except XmlFault as error:
        raise MathFault(f"the formula does not become valid MathML ({error})") from None
    return as_html(_only_listed(root))


def _readable(fault: str) -> str:
    """`12: Unknown command` is an offset and a message; people count characters from one."""
    offset, colon, message = fault.partition(": ")
    return f"{message} (at character {int(offset) + 1})" if colon and offset.isdigit() else fault


def _only_listed(root: Element) -> Element:
    """The tree itself, with every tag checked and every attribute that is not listed taken away."""
    if root.tag != "math":
        raise MathFault("the formula does not become MathML")
    for element in root.iter():
        allowed = MATH_TAGS | TEXT_TAGS if element.tag == "mtext" or element.tag in TEXT_TAGS else MATH_TAGS
        if faulty := [child.tag for child in element if child.tag not in allowed]:
            raise MathFault(f"the formula holds <{faulty[0]}>, which is not part of MathML")
        _keep_listed_attributes(element)
    return root


def _keep_listed_attributes(element: Element) -> None:
    given = dict(element.attrib)
    element.attrib.clear()
    classes = [STYLES[style] for style in declarations(given.get("style", "")) if style in STYLES]
    classes += [name for name in given.get("class", "").split() if name in _CLASSES]
    if classes:
        element.set("class", " ".join(classes))
    for name, value in given.items():
        if name in ATTRIBUTES and _ATTRIBUTE_VALUE.fullmatch(value):
            element.set(name, value)


def declarations(style: str) -> list[str]:
    """`a: 1;b:2` as `["a:1", "b:2"]`."""
    pairs = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    return [f"{name.strip()}:{value.strip()}" for name, _, value in pairs]
