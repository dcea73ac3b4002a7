"""For those who run the app: does it live, can it take requests, what has it counted."""

from hmac import compare_digest
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from app.errors import NotFound
from app.web.site import AnySite, Site

router = APIRouter()

LOOPBACK = ("127.0.0.1", "::1")
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
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
    if not (_is_local(request) or _has_token(request, site)):
        raise NotFound("There is no such page.")
    return Response(site.measurements.text(), media_type=PROMETHEUS)


def _is_local(request: Request) -> bool:
    """Asked on this machine and for this machine, not through a proxy that stands on it."""
    from_here = request.client is not None and request.client.host in LOOPBACK
    by_name = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    return from_here and by_name in LOCAL_NAMES and not any(name in request.headers for name in FORWARDED)


def _has_token(request: Request, site: Site) -> bool:
    expected = f"Bearer {site.settings.metrics_token}".encode()
    given = request.headers.get("authorization", "").encode()
    return bool(site.settings.metrics_token) and compare_digest(given, expected)
