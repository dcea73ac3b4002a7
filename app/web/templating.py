"""Templates: autoescaped, strict about names, with links to static files that change with their content."""

import hashlib
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.rendering.markdown import render_inline, render_markdown
from app.store.models import User

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


def make_environment(time_zone: str) -> Environment:
    """The templates with the filters that they share."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone = ZoneInfo(time_zone)
    environment.globals.update(static=static_url, has_static=has_static, time_zone=time_zone)
    environment.filters.update(
        markdown=render_markdown,
        inline=render_inline,
        points=show_points,
        moment=lambda at: show_moment(at, zone),
        iso=lambda at: at.isoformat().replace("+00:00", "Z") if at else "",
    )
    return environment


def render(request: Request, name: str, page: Any, user: User | None, status: int = 200) -> HTMLResponse:
    """A page from its one dataclass."""
    environment: Environment = request.app.state.site.templates
    values = {one.name: getattr(page, one.name) for one in fields(page)} if is_dataclass(page) else asdict(page)
    html = environment.get_template(name).render(user=user, path=request.url.path, **values)
    return HTMLResponse(html, status)


def show_points(points: Fraction) -> str:
    """Half credits as people write them: 1, 1.5."""
    return f"{float(points):g}"


def show_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Day and time where the exam is sat."""
    return at.astimezone(zone).strftime("%-d %B %Y, %H:%M") if at else ""


def has_static(path: str) -> bool:
    """Whether a static file is there (the formula editor may not be)."""
    return (STATIC / path).is_file()


def static_url(path: str) -> str:
    """The address of a static file, with its content's hash, so that browsers can keep it."""
    file = STATIC / path
    return f"/static/{path}?v={_hash(str(file), file.stat().st_mtime_ns)}" if file.is_file() else f"/static/{path}"


@lru_cache(maxsize=256)
def _hash(path: str, _changed: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
