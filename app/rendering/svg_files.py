"""Figures that instructors hand in as SVG files, cut down to shapes and words, to stand inside a page.

Inside a page a figure takes the page's colours, also in the dark; but there it could also run scripts, load things
or restyle the page. So only listed tags and attributes remain.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from markupsafe import Markup

from app.rendering.math import declarations
from app.rendering.xml import XmlFault, as_html, parse_xml

SVG = "{http://www.w3.org/2000/svg}"
DEEPEST = 40

TAGS = frozenset(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan marker linearGradient"
    " radialGradient stop clipPath mask pattern".split()
)
DROPPED = frozenset({"metadata"})  # says nothing in a picture
WORDS_ONLY = frozenset({"title", "desc"})

ATTRIBUTES = frozenset(
    "id class transform viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy width height d points dx dy"
    " rotate textLength lengthAdjust offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits"
    " maskContentUnits patternUnits patternContentUnits patternTransform markerWidth markerHeight markerUnits refX"
    " refY orient pathLength".split()
)
PRESENTATION = frozenset(
    "clip-path clip-rule color dominant-baseline alignment-baseline baseline-shift fill fill-opacity fill-rule"
    " font-family font-size font-style font-variant font-weight letter-spacing marker-end marker-mid marker-start"
    " mask opacity paint-order stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap"
    " stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration vector-effect"
    " visibility word-spacing writing-mode".split()
)
_LOCAL = re.compile(r"""url\(\s*["']?#([\w.:-]{1,80})["']?\s*\)""")
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)(?:px)?")


class FigureFault(ValueError):
    """A file that is no figure we are ready to show; the message says why, for the instructor."""


def load_svg(path: Path, name: str = "", prefix: str = "") -> Markup:
    """The figure in a file, ready to stand in a page; see `clean_svg`."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FigureFault(f"{path.name} cannot be read: {error}") from None
    return clean_svg(source, name, prefix or path.stem)


def clean_svg(source: str, name: str = "", prefix: str = "figure") -> Markup:
    """The picture without anything that runs, loads or restyles.

    `name` is what screen readers say (the picture's own title where it is empty). `prefix` stands before all ids:
    two figures of a page need two prefixes.
    """
    try:
        root = parse_xml(source)
    except XmlFault as error:
        raise FigureFault(f"the figure is {error}") from None
    if root.tag != f"{SVG}svg":
        raise FigureFault(
            "the figure is not an SVG picture: its outermost tag must be <svg> with SVG's namespace"
        )
    cleaned = _cleaned(root, prefix, 1)
    _as_image(cleaned, name)
    return Markup(as_html(cleaned))  # noqa: S704 - rebuilt from listed tags and attributes


def _cleaned(element: Element, prefix: str, depth: int) -> Element:
    """A copy of the element: its own name, its listed attributes, its listed children."""
    if depth > DEEPEST:
        raise FigureFault(f"the figure is nested more than {DEEPEST} deep")
    tag = element.tag.removeprefix(SVG)
    copy = Element(tag, dict(_attributes(element, prefix)))
    copy.text = element.text
    for child in element:
        if tag not in WORDS_ONLY and _is_shown(child):
            copy.append(_cleaned(child, prefix, depth + 1))
            copy[-1].tail = child.tail
        elif len(copy):
            copy[-1].tail = (copy[-1].tail or "") + (child.tail or "")
        else:
            copy.text = (copy.text or "") + (child.tail or "")
    return copy


def _is_shown(element: Element) -> bool:
    """Notes of drawing programs (other namespaces) are left out; any other tag that is not listed is a fault."""
    if not element.tag.startswith(SVG):
        return False
    tag = element.tag.removeprefix(SVG)
    if tag not in TAGS | DROPPED:
        raise FigureFault(f"the figure holds <{tag}>; figures may hold shapes and text only ({_advice(tag)})")
    return tag in TAGS


def _advice(tag: str) -> str:
    return {
        "style": "write colours as attributes",
        "use": "save it as a plain SVG, with copies in place of references",
        "image": "redraw pictures as shapes",
    }.get(tag, "take it out")


def _attributes(element: Element, prefix: str) -> Iterator[tuple[str, str]]:
    styled = (declaration.partition(":") for declaration in declarations(element.get("style", "")))
    written = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES | PRESENTATION}
    written |= {name: value for name, _, value in styled if name in PRESENTATION}
    for name, value in written.items():
        if name == "id":
            yield name, f"{prefix}-{value}"
        elif name == "class":
            yield name, " ".join(one for one in value.split() if one.startswith("fig-"))
        elif not _refers_outside(value):
            yield name, _LOCAL.sub(lambda found: f"url(#{prefix}-{found[1]})", value)


def _refers_outside(value: str) -> bool:
    """Whether a value asks for something other than a piece of the same picture."""
    without_local = _LOCAL.sub("", value).lower()
    return any(
        piece in without_local for piece in ("url", "\\", "/*", "@import", "javascript:", "expression")
    )


def _as_image(root: Element, name: str) -> None:
    width, height = (_length(root.get(side)) for side in ("width", "height"))
    if root.get("viewBox") is None:
        if not (width and height):
            raise FigureFault("the figure has no viewBox and no width and height in pixels")
        root.set("viewBox", f"0 0 {width} {height}")
    for side in ("width", "height", "x", "y", "id"):
        root.attrib.pop(side, None)
    if width and height:
        root.attrib.update(width=width, height=height)
    root.set("class", "fig")
    root.set("role", "img")
    if label := name or (root.findtext("title") or "").strip():
        root.set("aria-label", label)


def _length(value: str | None) -> str | None:
    found = _LENGTH.fullmatch((value or "").strip())
    return found[1] if found else None
