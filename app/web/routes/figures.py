"""Figures of published exams, as they were published, on light and on dark pages."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from app.errors import NotFound
from app.rendering.schemes import in_both_schemes
from app.store import queries
from app.web.deps import SignedInUser
from app.web.site import AnySite

router = APIRouter()


@router.get("/figures/{version_id}/{name}")
def show_figure(
    version_id: Annotated[int, Path(ge=1, lt=2**31)], name: str, site: AnySite, user: SignedInUser
) -> Response:
    with site.store.read() as db:
        content = queries.figure(db, version_id, name)
    if content is None:
        raise NotFound("There is no such figure.")
    return Response(in_both_schemes(content), media_type="image/svg+xml")
