"""One's own account, and what the doors let in, as a browser without scripts meets them."""

import re
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.services import accounts, demo
from app.services.demo import DEMO_ACCOUNTS
from app.settings import Settings
from app.store import queries
from app.store.database import Store
from app.web.limits import Previewing
from app.web.security import form_token
from tests.page import OWN, Browser
from tests.web.conftest import publish

EMAIL, PASSWORD, NEW = "ada@example.org", "correct horse battery", "another one entirely"


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(database_url=database_url, directory=tmp_path))
    with TestClient(app, follow_redirects=True) as opened:
        yield opened


@pytest.fixture
def browser(client: TestClient) -> Browser:
    """In which Ada has made her account."""
    browser = Browser(client)
    page = browser.get("/registration")
    browser.send(page, "/registration", name="Ada", email=EMAIL, password=PASSWORD)
    return browser


def sign_in(browser: Browser, password: str = PASSWORD, status: int = 200, email: str = EMAIL) -> Any:
    browser.client.cookies.clear()
    return browser.send(browser.get("/sign-in"), "/sign-in", status, email=email, password=password)


def test_the_account_page_tells_where_one_is_signed_in_and_ends_it_everywhere(browser: Browser) -> None:
    first = dict(browser.client.cookies)
    sign_in(browser)
    page = browser.get("/account")
    assert "Ada, ada@example.org" in page.text
    assert "Signed in on 2 browsers" in page.text

    assert browser.send(page, "/account/sign-out").url == "/sign-in"
    browser.client.cookies.update(first)
    assert browser.get("/").url == "/sign-in"


def test_signing_in_again_in_a_browser_ends_its_old_session(browser: Browser) -> None:
    before = browser.client.cookies["endterm"]
    browser.client.post(
        "/sign-in", data={"form_token": form_token(before), "email": EMAIL, "password": PASSWORD}, headers=OWN
    )

    assert browser.client.cookies["endterm"] != before
    assert "Signed in on this browser only" in browser.get("/account").text


def test_another_password_needs_the_current_one_and_signs_all_other_browsers_out(browser: Browser) -> None:
    first = browser.client.cookies["endterm"]
    sign_in(browser)
    page = browser.get("/account")

    wrong = browser.send(page, "/account/password", 422, current="wrong", password=NEW)
    assert wrong.all("a", href="#current")
    browser.send(page, "/account/password", 422, current=PASSWORD, password="password1234")
    changed = browser.send(page, "/account/password", current=PASSWORD, password=NEW)

    assert "Signed in on this browser only" in changed.text
    assert sign_in(browser, PASSWORD, 401)
    assert sign_in(browser, NEW).url == "/"
    browser.client.cookies.clear()
    browser.client.cookies.set("endterm", first)
    assert browser.get("/").url == "/sign-in"


def test_what_the_command_line_does_to_an_account_holds_at_once(browser: Browser, store: Store) -> None:
    store.write(lambda db: accounts.change_role(db, " ADA@example.org", "ta"))
    assert browser.get("/").all("span", class_="tag")[0].text == "ta"

    assert store.write(lambda db: accounts.revoke(db, EMAIL)) == 1
    assert browser.get("/").url == "/sign-in"


def test_a_save_with_a_revoked_session_is_refused_at_once(
    browser: Browser, client: TestClient, store: Store
) -> None:
    publish(client)
    page = browser.send(browser.get("/exams/small"), "/exams/small/attempts")

    def save(counter: int) -> int:
        body = {"counter": counter, "tab": "tab-one", "value": {"count": "1"}}
        return int(client.post(f"{page.url}/answers/1b", json=body, headers=OWN).status_code)

    assert save(1) == 200
    store.write(lambda db: accounts.revoke(db, EMAIL))
    assert save(2) == 401


def test_guessing_is_slowed_down_with_words_and_a_time(browser: Browser) -> None:
    doors = browser.client.app.state.site.limits.doors  # type: ignore[attr-defined]
    at = datetime.now(UTC).timestamp()
    doors._pairs._tries[EMAIL, "testclient"] = (20, at)

    page = sign_in(browser, "wrong", 429)

    assert re.search("Wait (5[0-9]|60) seconds, then try again", page.text)
    answer = browser.client.post(
        "/sign-in", data={"form_token": form_token(""), "email": EMAIL, "password": PASSWORD}, headers=OWN
    )
    assert answer.status_code == 429
    assert 30 < int(answer.headers["retry-after"]) <= 60
    assert sign_in(browser, "wrong", 401, "eve@example.org")


def test_every_try_counts_until_one_is_right(browser: Browser) -> None:
    doors = browser.client.app.state.site.limits.doors  # type: ignore[attr-defined]
    sign_in(browser, "wrong", 401)
    sign_in(browser, "wrong", 401)
    assert doors._pairs._tries[EMAIL, "testclient"][0] == 2

    sign_in(browser)

    assert (EMAIL, "testclient") not in doors._pairs._tries


def test_the_log_tells_of_sign_ins_without_addresses_or_passwords(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="app.web.routes.accounts")
    sign_in(browser)
    sign_in(browser, "wrong password", 401)

    told = [
        (one.getMessage(), getattr(one, "account", None), getattr(one, "reason", ""))
        for one in caplog.records
    ]
    assert told == [("signed in", 1, ""), ("sign-in refused", None, "SignInRefused")]
    assert not any(
        secret in str(one.__dict__) for one in caplog.records for secret in (EMAIL, "wrong password")
    )


def test_behind_https_browsers_are_told_to_come_by_https_alone(tmp_path: Path, sqlite_url: str) -> None:
    app = create_app(Settings(database_url=sqlite_url, directory=tmp_path, secure_cookies=True))
    with TestClient(app) as client:
        headers = client.get("/sign-in").headers

    assert headers["strict-transport-security"].startswith("max-age=31536000")


def test_previews_have_a_limit_that_tells_when_to_come_again(browser: Browser) -> None:
    site = browser.client.app.state.site  # type: ignore[attr-defined]
    with site.store.read() as db:
        ada = queries.user_by_email(db, EMAIL)
    assert ada is not None
    site.limits.previews.count(ada.id, datetime.now(UTC).timestamp(), 400)

    answer = browser.client.post(
        "/previews/text", json={"text": "x"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 429
    assert 5 < int(answer.headers["retry-after"]) <= 11


def test_a_preview_that_takes_long_counts_as_many(browser: Browser) -> None:
    site = browser.client.app.state.site  # type: ignore[attr-defined]
    with site.store.read() as db:
        ada = queries.user_by_email(db, EMAIL)
    assert ada is not None
    previewing = Previewing(ada, site)

    previewing.run(lambda: burn(0.5))

    assert 200 < how_many_more(site, ada.id) < 270


def burn(seconds: float) -> None:
    begun = time.thread_time()
    while time.thread_time() - begun < seconds:
        pass


def how_many_more(site: Any, user: int) -> int:
    at = datetime.now(UTC).timestamp()
    return next(count for count in range(1000) if site.limits.previews.take(user, at))


def test_no_redirect_goes_to_the_host_that_a_request_names(client: TestClient) -> None:
    answer = client.get("/sign-in/", headers={**OWN, "Host": "elsewhere.example"}, follow_redirects=False)

    assert answer.status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Via", "Forwarded", "Host"])
def test_demo_accounts_never_work_through_a_proxy(client: TestClient, store: Store, header: str) -> None:
    demo.add_demo_accounts(store, client.app.state.site.passwords, datetime.now(UTC))  # type: ignore[attr-defined]
    here = TestClient(client.app, "http://localhost:8000", client=("127.0.0.1", 50_000))
    form = {"form_token": form_token(""), "email": DEMO_ACCOUNTS[0].email, "password": demo.PASSWORD}
    passed_on = {**OWN, header: "exam.example" if header == "Host" else "127.0.0.1"}

    assert demo.PASSWORD in here.get("/sign-in", headers=OWN).text
    assert demo.PASSWORD not in here.get("/sign-in", headers=passed_on).text
    assert here.post("/sign-in", data=form, headers=passed_on).status_code == 403
    assert here.post("/sign-in", data=form, headers=OWN).status_code == 200


@pytest.mark.parametrize(
    "target", ["/\t/elsewhere.example", "/\\elsewhere", "/a\r\nSet-Cookie: x=y", "//x", "x"]
)
def test_signing_in_leads_to_a_page_of_ours(browser: Browser, target: str) -> None:
    browser.client.cookies.clear()
    form = {"form_token": form_token(""), "email": EMAIL, "password": PASSWORD, "next": target}
    answer = browser.client.post("/sign-in", data=form, headers=OWN, follow_redirects=False)

    assert answer.headers["location"] == "/"
    assert list(answer.headers).count("set-cookie") == 1


def test_the_time_of_an_answer_does_not_tell_whether_there_is_an_account(
    browser: Browser,
) -> None:
    site = browser.client.app.state.site  # type: ignore[attr-defined]
    real, unknown = [], []
    for turn in range(15):
        real.append(seconds_to_refuse(site, EMAIL))
        unknown.append(seconds_to_refuse(site, f"nobody{turn}@example.org"))

    assert 0.5 < statistics.median(real) / statistics.median(unknown) < 2


def seconds_to_refuse(site: Any, email: str) -> float:
    begun = time.perf_counter()
    with pytest.raises(accounts.SignInRefused):
        accounts.sign_in(
            site.store,
            site.passwords,
            email=email,
            password="not this one",
            address="",
            now=datetime.now(UTC),
            lasts=accounts.INVITATION_LASTS,
        )
    return time.perf_counter() - begun
