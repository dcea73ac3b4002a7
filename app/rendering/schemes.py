"""Figures that are loaded as pictures, on light and on dark pages.

A picture does not get the colours of the page around it. So a figure that names the roles of its pieces (`fig-ink`,
`fig-soft`, …, as all our drawings do) is given the dark colours for dark screens; any other one was drawn for
white paper and brings its own.
"""

import re

_OPENING = re.compile(rb"""<svg\b(?:[^>"']|"[^"]*"|'[^']*')*(?<!/)>""")
_ROLE = re.compile(rb"""class=["'][^"']*\bfig-ink\b""")

ON_DARK = (
    "svg,.fig-ink{color:#e9e7e1}.fig-soft{color:#a6a9b6}.fig-accent{color:#a5b6ff}"
    ".fig-good{color:#82d3a0}.fig-bad{color:#ff9f94}.fig-mark{color:#efb960}"
)
PAPER = "svg{background:#fff}"
DIM_PAPER = "svg{background:#dedbd3}"  # white would glare


def in_both_schemes(svg: bytes) -> bytes:
    """The same picture with its colours for dark screens, or on paper; what is no SVG stays as it is."""
    opening = _OPENING.search(svg)
    if opening is None:
        return svg
    light, dark = ("", ON_DARK) if _ROLE.search(svg) else (PAPER, DIM_PAPER)
    rules = f"<style>{light}@media (prefers-color-scheme:dark){{{dark}}}</style>".encode()
    return svg[: opening.end()] + rules + svg[opening.end() :]
