"""The log: a JSON line per event, and nothing in it that a student wrote or that opens a door."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app import logs
from app.errors import NotReady
from app.logs import request_id

ANSWER = "there is no learning rate"
log = logging.getLogger("app.tests")


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield io.StringIO()
    root.handlers, root.level = before


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def fail(error: Exception) -> None:
    try:
        raise error
    except Exception:
        log.exception("it failed")


def test_an_event_is_one_json_line_with_its_request(out: io.StringIO) -> None:
    logs.set_up("json", out)
    token = request_id.set("from-the-proxy-1")
    log.info("attempt %s\nwas closed", 7, extra={"ms": 1.5})
    request_id.reset(token)

    (line,) = lines(out)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "app.tests",
        "message": "attempt 7 was closed",
        "request": "from-the-proxy-1",
        "ms": 1.5,
    }


def test_addresses_and_tokens_are_masked(out: io.StringIO) -> None:
    logs.set_up("json", out)
    log.info("key (email)=(sam@example.org)", extra={"path": f"/invitations/{'aB3_' * 10}"})

    assert (lines(out)[0]["message"], lines(out)[0]["path"]) == (
        "key (email)=((address))",
        "/invitations/(token)",
    )


def test_an_error_tells_its_kind_and_place_but_not_its_words(out: io.StringIO) -> None:
    logs.set_up("json", out)
    fail(ValueError(f"cannot read {ANSWER!r}"))

    told = lines(out)[0]["error"]
    assert told[0] == "ValueError"
    assert told[1].endswith(" fail")
    assert ANSWER not in out.getvalue()


def test_words_about_the_machine_are_told(out: io.StringIO) -> None:
    logs.set_up("json", out)
    fail(NotReady("The disk is gone."))
    fail(OSError(28, "No space left on device"))
    fail(OperationalError("INSERT", {"answer": ANSWER}, RuntimeError("database is locked")))

    assert [line["error"][0] for line in lines(out)] == [
        "app.errors.NotReady: The disk is gone.",
        "OSError: [Errno 28] No space left on device",
        "sqlalchemy.exc.OperationalError: (builtins.RuntimeError) database is locked",
    ]
    assert ANSWER not in out.getvalue()


def test_the_cause_of_an_error_is_told_too(out: io.StringIO) -> None:
    logs.set_up("json", out)
    error = ValueError(ANSWER)
    error.__cause__ = OSError("the cable")
    fail(error)

    assert "OSError: the cable" in lines(out)[0]["error"]
    assert ANSWER not in out.getvalue()


def test_a_terminal_gets_lines_for_people(out: io.StringIO) -> None:
    out.isatty = lambda: True  # type: ignore[method-assign]
    logs.set_up("auto", out)
    log.warning("the disk is nearly full", extra={"free": 12})

    assert out.getvalue().endswith("warning the disk is nearly full  free=12\n")
