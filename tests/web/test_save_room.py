"""The save route, as a browser meets it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from app.services import attempts, late_saves
from app.services.limits import Limit
from app.services.saves import Saves
from app.store.database import Store
from app.web.saves import LARGEST, SaveRoom
from app.web.security import DATA_POLICY, HEADERS, account_mark
from tests.databases import store
from tests.factories import NOW, after, published, started, token, user

__all__ = ["store"]  # without the app, of which each test makes one room only

OWN_PAGE = {"sec-fetch-site": "same-origin"}


async def framework(_scope: Any, _receive: Any, send: Callable[..., Any]) -> None:
    """Stands for the rest of the app."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"the framework"})


class Page:
    """An attempt page in a browser, at a moment that the test sets."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now: datetime = NOW
        published(store)
        self.student = user(store)
        self.attempt = started(store, self.student)
        room = SaveRoom(framework, store, Saves(store), "endterm", Limit(1000, 20), lambda: self.now)
        self.cookies = {"endterm": token(store, self.student), "theme": "dark"}
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(room), base_url="http://exam.example", cookies=self.cookies
        )

    async def save(
        self, part: str = "1b", headers: dict[str, str] = OWN_PAGE, **change: Any
    ) -> httpx.Response:
        body = {"counter": 1, "tab": "tab-one", "value": {"count": "120"}, **change}
        address = f"/attempts/{self.attempt.public_id}/answers/{part}"
        return await self.browser.post(address, json=body, headers=headers)

    def stored(self) -> dict[str, str]:
        found = attempts.saved_answers(self.store, self.attempt)
        return {part: one.answer for part, one in found.items()}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def page(store: Store) -> AsyncIterator[Page]:
    one = Page(store)
    yield one
    await one.browser.aclose()


pytestmark = pytest.mark.anyio


async def test_a_save_is_acknowledged_with_time_counter_and_deadline(page: Page) -> None:
    page.now = after(minutes=5)
    reply = await page.save(counter=7)

    assert reply.status_code == 200
    assert reply.json() == {
        "counter": 7,
        "saved_at": "2026-11-25T09:05:00Z",
        "deadline": "2026-11-25T10:30:00Z",
        "now": "2026-11-25T09:05:00Z",
    }
    assert page.stored() == {"1b": '{"count":"120"}'}


async def test_a_running_page_learns_of_extra_time_by_its_next_save(page: Page) -> None:
    page.store.write(lambda db: attempts.extend(db, page.attempt.public_id, 15, NOW))

    assert (await page.save()).json()["deadline"] == "2026-11-25T10:45:00Z"


async def test_the_tab_with_the_older_change_gets_the_newer_one(page: Page) -> None:
    await page.save(counter=9, tab="new-tab", value={"count": "new"}, flagged=True)
    reply = await page.save(counter=8, tab="old-tab", value={"count": "old"})

    told = reply.json()
    assert reply.status_code == 409
    assert (told["error"], told["counter"], told["value"], told["flagged"]) == (
        "older",
        9,
        {"count": "new"},
        True,
    )


async def test_an_empty_value_must_be_meant(page: Page) -> None:
    await page.save(counter=1)
    by_accident = await page.save(counter=2, value={"count": ""})
    on_purpose = await page.save(counter=3, value={}, cleared=True)

    assert (by_accident.status_code, by_accident.json()["error"]) == (409, "empty")
    assert on_purpose.status_code == 200
    assert page.stored() == {"1b": "{}"}


async def test_a_late_save_is_refused_and_said_to_be_kept(page: Page) -> None:
    page.now = after(minutes=91)
    reply = await page.save()

    assert (reply.status_code, reply.json()["error"], reply.json()["kept"]) == (409, "closed", True)


async def test_a_late_save_that_finds_no_room_does_not_say_that_it_is_kept(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_saves, "MOST_SAVES", 0)
    page.now = after(minutes=91)

    assert (await page.save()).json()["kept"] is False


async def test_another_students_attempt_is_not_there(page: Page) -> None:
    page.browser.cookies = httpx.Cookies({"endterm": token(page.store, user(page.store))})

    theirs = await page.save()
    page.attempt.public_id = "no-such-attempt"
    none = await page.save()

    assert (theirs.status_code, theirs.json()["error"]) == (none.status_code, none.json()["error"])
    assert (theirs.status_code, theirs.json()["error"]) == (404, "unknown")


async def test_a_page_can_tell_whether_its_own_account_is_signed_in(page: Page) -> None:
    other = user(page.store)
    page.browser.cookies = httpx.Cookies({"endterm": token(page.store, other)})
    account = (await page.save()).json()["account"]

    assert account == account_mark(page.attempt.public_id, other.id)
    assert account != account_mark(page.attempt.public_id, page.student.id)


async def test_a_part_that_is_not_there_is_refused_for_good(page: Page) -> None:
    reply = await page.save(part="9z")

    assert (reply.status_code, reply.json()["error"]) == (404, "no-part")
    assert reply.json()["message"] == "This exam has no such part."


async def test_a_reply_carries_the_headers_of_a_page(page: Page) -> None:
    for reply in (await page.save(), await page.save(headers={"sec-fetch-site": "cross-site"})):
        assert {**reply.headers, **{name.lower(): value for name, value in HEADERS.items()}} == dict(
            reply.headers
        )
        assert reply.headers["content-security-policy"] == DATA_POLICY
        assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("cookies", [{}, {"endterm": "made-up"}, {"other": "x"}])
async def test_without_a_session_the_page_is_told_to_sign_in(page: Page, cookies: dict[str, str]) -> None:
    page.browser.cookies = httpx.Cookies(cookies)
    reply = await page.save()

    assert (reply.status_code, reply.json()["error"]) == (401, "signed-out")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"content-type": "text/plain"},
    ],
)
async def test_another_site_cannot_save(page: Page, headers: dict[str, str]) -> None:
    assert (await page.save(headers=headers)).status_code == 403
    assert page.stored() == {}


@pytest.mark.parametrize(
    "headers",
    [
        OWN_PAGE,
        {"origin": "http://exam.example"},
        {"content-type": "application/json"},
        {**OWN_PAGE, "content-type": "text/plain;charset=UTF-8"},  # what a page sends while it closes
    ],
)
async def test_our_own_page_can_save(page: Page, headers: dict[str, str]) -> None:
    assert (await page.save(headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"counter": 1, "tab": "tab-one"}',
        b'{"counter": 0, "tab": "tab-one", "value": {}}',
        b'{"counter": 1.5, "tab": "tab-one", "value": {}}',
        b'{"counter": 99999999999999999999, "tab": "tab-one", "value": {}}',
        b'{"counter": 1, "tab": "x", "value": {}}',
        b'{"counter": 1, "tab": "tab one", "value": {}}',
        b'{"counter": 1, "tab": "tab-one", "value": "text"}',
        b'{"counter": 1, "tab": "tab-one", "value": {}, "points": 90}',
        b'{"counter": 1, "tab": "tab-one", "value": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
        b'{"counter": 1, "tab": "tab-one", "value": {"a": "\\ud800"}}',
    ],
)
async def test_what_is_no_save_is_refused_in_words(page: Page, body: bytes) -> None:
    address = f"/attempts/{page.attempt.public_id}/answers/1b"
    reply = await page.browser.post(address, content=body, headers=OWN_PAGE)

    assert (reply.status_code, reply.json()["error"]) == (422, "malformed")
    assert page.stored() == {}


async def test_an_answer_larger_than_the_limit_is_refused(page: Page) -> None:
    reply = await page.save(value={"text": "x" * LARGEST})

    assert (reply.status_code, reply.json()["error"]) == (413, "too-large")


async def test_one_attempt_cannot_fill_the_disk_and_can_go_on_after_a_while(page: Page) -> None:
    large = {"text": "x" * 250_000}
    replies = [await page.save(counter=n, value=large) for n in range(1, 19)]

    refused = replies[-1]
    assert [one.status_code for one in replies] == [200] * 17 + [429]
    assert refused.json()["error"] == "too-many"
    page.now = after(seconds=int(refused.headers["retry-after"]))
    assert (await page.save(counter=19)).status_code == 200


async def test_a_whole_paper_that_is_sent_again_and_again_is_no_flood(page: Page) -> None:
    replies = [await page.save(counter=n, value={"count": str(n)}) for n in range(1, 54 * 4)]

    assert {one.status_code for one in replies} == {200}


async def test_nobody_else_can_use_up_what_an_attempt_may_save(page: Page) -> None:
    own, page.browser.cookies = page.browser.cookies, httpx.Cookies({"endterm": "made-up"})
    for n in range(1, 20):
        await page.save(counter=n, value={"text": "x" * 250_000})
    page.browser.cookies = own

    assert (await page.save()).status_code == 200


async def test_a_body_that_grows_beyond_the_limit_is_refused(page: Page) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * (LARGEST // 4)

    address = f"/attempts/{page.attempt.public_id}/answers/1b"
    assert (await page.browser.post(address, content=endless(), headers=OWN_PAGE)).status_code == 413


async def test_any_text_comes_back_as_it_was_typed(page: Page) -> None:
    typed = {"text": 'ä∇ "quoted" \\frac{1}{2} \u2028 \x00 😀 </script>'}
    await page.save(counter=5, value=typed)

    assert (await page.save(counter=4, tab="other", value={"a": "b"})).json()["value"] == typed


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/attempts/a/answers/1b"),
        ("POST", "/attempts/a/answers"),
        ("POST", "/"),
        ("POST", "/x/a/answers/1b"),
    ],
)
async def test_every_other_request_goes_on_to_the_framework(page: Page, method: str, path: str) -> None:
    assert (await page.browser.request(method, path)).status_code == 299


async def test_a_store_that_is_stopping_asks_to_try_again(page: Page) -> None:
    page.store.writer.stop()
    reply = await page.save()

    assert (reply.status_code, reply.json()["error"], reply.headers["retry-after"]) == (503, "busy", "2")


async def test_saves_that_arrive_together_are_all_stored(page: Page) -> None:
    with ThreadPoolExecutor(1) as people:
        gate = _hold_the_writer(page.store, people)
        sent = [page.save(counter=n, value={"count": str(n)}) for n in range(1, 40)]
        replies = await _while_held(sent, gate)

    assert {one.status_code for one in replies} == {200}
    assert page.stored() == {"1b": '{"count":"39"}'}


def _hold_the_writer(store: Store, people: ThreadPoolExecutor) -> Event:
    gate = Event()

    def wait(_db: Session) -> None:
        gate.wait(5)

    people.submit(store.write, wait)
    return gate


async def _while_held(sent: list[Any], gate: Event) -> list[httpx.Response]:
    tasks = [asyncio.ensure_future(one) for one in sent]
    await asyncio.sleep(0.2)
    gate.set()
    return await asyncio.gather(*tasks)


@pytest.mark.parametrize(
    "place", ["%00/answers/1b", "{id}/answers/%00", "{id}/answers/" + "x" * 200, "é/answers/1b"]
)
async def test_a_name_that_no_attempt_has_spoils_nobody_elses_save(page: Page, place: str) -> None:
    body = {"counter": 1, "tab": "tab-one", "value": {"count": "1"}}
    address = f"/attempts/{place.format(id=page.attempt.public_id)}"

    replies = await asyncio.gather(
        *(page.browser.post(address, json=body, headers=OWN_PAGE) for _ in range(10)),
        *(page.save(counter=counter) for counter in range(1, 11)),
    )

    assert {reply.status_code for reply in replies[:10]} == {299}, (
        "left to the framework, which has no such page"
    )
    assert all(reply.status_code == 200 for reply in replies[10:])
