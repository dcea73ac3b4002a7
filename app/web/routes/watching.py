"""For those who run the app: does it live, can it take requests, what has it counted."""

from hmac import compare_digest
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from app.errors import NotFound
from app.web.callers import is_local
from app.web.site import AnySite, Site

router = APIRouter()

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
async def show_life() -> Response:
    """The process lives and its event loop turns; nothing else is asked."""
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def show_readiness(site: AnySite) -> Response:
    reasons = site.readiness.reasons()
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return JSONResponse({"ready": not reasons, "reasons": reasons}, status)


@router.get("/metrics")
def show_metrics(request: Request, site: AnySite) -> Response:
    if not (is_local(request) or _has_token(request, site)):
        raise NotFound("There is no such page.")
    return Response(site.measurements.text(), media_type=PROMETHEUS)


def _has_token(request: Request, site: Site) -> bool:
    expected = f"Bearer {site.settings.metrics_token}".encode()
    given = request.headers.get("authorization", "").encode()
    return bool(site.settings.metrics_token) and compare_digest(given, expected)
