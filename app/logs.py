"""The log: one JSON line per event for machines, or a line for people on a terminal.

What students wrote, tokens and e-mail addresses never get in. Addresses of pages are logged as their patterns,
and of an error only its kind and where it happened, unless its words are known to carry nothing of a student's.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from app.errors import NotReady

Format = Literal["auto", "json", "human"]

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that this task or thread works for; empty elsewhere."""

PLAIN_ERRORS = (OSError, NotReady, ImportError)
"""Their words say what a machine lacks, not what somebody typed. The same goes for what database drivers
call an OperationalError, of which the first line tells it and the others may quote."""

_EMAIL = re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"')]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")
_STANDARD = frozenset(vars(logging.makeLogRecord({})))
_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def set_up(form: Format = "auto", stream: TextIO | None = None) -> None:
    """Send everything of level INFO and above to `stream` (standard error), and nothing anywhere else."""
    out = stream or sys.stderr
    human = form == "human" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(HumanLine() if human else JsonLine())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("alembic", "huey", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class JsonLine(logging.Formatter):
    """time, level, logger, message, request (its id), whatever came as `extra`, and error (a list)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if request_id.get():
            line["request"] = request_id.get()
        line |= {name: _clean(value) for name, value in _extra(record).items()}
        if record.exc_info and record.exc_info[1]:
            line["error"] = list(_told(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False, default=str)


class HumanLine(logging.Formatter):
    """Local time, level, message, `name=value` for what came along; an error in indented lines below."""

    def format(self, record: logging.LogRecord) -> str:
        time = _time(record).astimezone().strftime("%H:%M:%S")
        extra = "".join(f"  {name}={_clean(value)}" for name, value in _extra(record).items())
        request = f"  [{request_id.get()}]" if request_id.get() else ""
        line = f"{time} {record.levelname.lower():<7} {_message(record)}{extra}{request}"
        if record.exc_info and record.exc_info[1]:
            line += "".join(f"\n    {one}" for one in _told(record.exc_info[1]))
        return line


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _message(record: logging.LogRecord) -> str:
    """Without the traceback that some libraries write into their messages."""
    return str(_clean(record.getMessage().partition("\nTraceback (most recent call last)")[0]))


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(record).items()
        if name not in _STANDARD and name not in ("message", "asctime", "color_message")
    }


def _clean(value: Any) -> Any:
    """Numbers as they are; texts without addresses, tokens and line breaks."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _TOKEN.sub("(token)", _EMAIL.sub("(address)", str(value)))
    return _SHOWN.sub(" ", text)


def _told(error: BaseException) -> Iterator[str]:
    """The error and what caused it, each with the places it came through, the outermost first."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        first_line = str(cause).partition("\n")[0]
        words = f": {_clean(first_line)}" if _is_plain(cause) else ""
        yield f"{type(cause).__module__}.{type(cause).__qualname__}{words}".removeprefix("builtins.")
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"{frame.filename}:{frame.lineno} {frame.name}"
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _is_plain(error: BaseException) -> bool:
    return isinstance(error, PLAIN_ERRORS) or type(error).__name__ == "OperationalError"
