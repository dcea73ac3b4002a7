"""Where a request comes from, as far as the connection tells."""

from fastapi import Request

from app.services.accounts import is_loopback

PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def address_of(request: Request) -> str:
    """The address of the browser, "" if it is unknown. The server has put in what a trusted proxy says."""
    return request.client.host if request.client else ""


def is_local(request: Request) -> bool:
    """Asked on this machine and for this machine, not through a proxy that stands on it, whoever that names."""
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    is_passed_on = any(header in request.headers for header in PASSED_ON)
    return is_loopback(address_of(request)) and name in LOCAL_NAMES and not is_passed_on
