"""Templates: autoescaped and strict about names. A page is its template and one dataclass."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.rendering.markdown import render_inline, render_markdown
from app.store.models import User
from app.web.credits import half_credits
from app.web.security import form_token
from app.web.static import Static

if TYPE_CHECKING:
    from app.web.site import Site

ROOT = Path(__file__).resolve().parents[2]


def make_environment(time_zone: str, static: Static) -> Environment:
    """The templates, with the filters and names that all of them may use."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo(time_zone)
    environment.globals.update(
        static=static.url,
        has_static=static.has,
        stylesheets=static.stylesheets,
        time_zone=time_zone,
        half_credits=half_credits,
    )
    environment.filters.update(
        markdown=render_markdown,
        inline=render_inline,
        credits=credits_in_words,
        points=show_points,
        moment=lambda at: show_moment(at, zone),
        exactly=lambda at: f"{show_moment(at, zone)}:{at:%S}" if at else "",
        clock=lambda at: at.astimezone(zone).strftime("%H:%M"),
        iso=lambda at: at.isoformat().replace("+00:00", "Z") if at else "",
    )
    return environment


def render(
    request: Request,
    name: str,
    page: Any,
    user: User | None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page from its one dataclass; beside it a template knows who is signed in, and the forms' token."""
    site: Site = request.app.state.site
    values = {one.name: getattr(page, one.name) for one in fields(page)}
    token = form_token(request.cookies.get(site.settings.session_cookie, ""))
    html = site.templates.get_template(name).render(values, user=user, form_token=token)
    return HTMLResponse(html, status, headers)


def show_points(points: Fraction) -> str:
    """Half credits as people write them: 1, 1.5, −0.5."""
    return f"{float(points):g}".replace("-", "−")


def credits_in_words(points: Fraction) -> str:
    """1 credit, 1.5 credits."""
    return f"{show_points(points)} {'credit' if points == 1 else 'credits'}"


def show_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Day and time where the exam is sat: 25 November 2026, 14:02."""
    return f"{at.astimezone(zone):%-d %B %Y, %H:%M}" if at else ""
