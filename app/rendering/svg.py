"""Writing SVG: one picture with a name and a description, from escaped pieces.

Colours are left to style sheets: every line is `currentColor`, and `fig-soft`, `fig-accent` and the like only
change that colour. The attributes written here make a drawing readable where no style sheet is.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

COLOURS = {
    "fig-soft": "#7a8292",
    "fig-accent": "#3b76c4",
    "fig-good": "#2e8b57",
    "fig-bad": "#c8504f",
    "fig-mark": "#d29b00",
}


def picture(
    width: float, height: float, name: str, description: str, content: Iterable[Markup], *, classes: str
) -> Markup:
    """An image for screen readers: `name` is what they say, `description` what they say on request."""
    inner = Markup("<title>{}</title><desc>{}</desc>").format(name, description) + Markup().join(content)
    return Markup(
        '<svg class="fig {}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(classes, number(width), number(height), number(width), number(height), name, inner)


def element(tag: str, *content: str | Markup, **attributes: str | float | None) -> Markup:
    """`element("path", d="M0 0", stroke_width=2, class_="fig-soft")`; None leaves an attribute out."""
    written = Markup().join(
        Markup(' {}="{}"').format(
            _attribute(name), number(value) if isinstance(value, float | int) else value
        )
        for name, value in attributes.items()
        if value is not None
    )
    return Markup("<{}{}>{}</{}>").format(
        tag, written, Markup().join(escape(piece) for piece in content), tag
    )


def group(classes: str, *content: Markup, **attributes: str | float | None) -> Markup:
    """A <g>; the first class with a colour of its own gives it also where no style sheet is."""
    colour = next((COLOURS[name] for name in classes.split() if name in COLOURS), None)
    return element("g", *content, class_=classes, color=colour, **attributes)


def number(value: float) -> str:
    """Two decimals at most: a hundredth of a pixel cannot be seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
