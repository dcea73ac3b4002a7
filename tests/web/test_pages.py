"""The pages, as a student without scripts meets them. Every page that is got is checked by `tests.page`."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.services import attempts, library, receipts
from app.store.database import Store
from tests import factories
from tests.page import OWN, Browser, Page
from tests.sample_exam import sample_exam

PASSWORD = "a few words in a row"


@pytest.fixture
def student(browser: Browser, store: Store) -> Browser:
    """A browser in which a student is signed in, and one exam is published."""
    store.write(lambda db: library.publish(db, sample_exam(), datetime.now(UTC)))
    sign_in_as(browser, store)
    return browser


def sign_in_as(browser: Browser, store: Store) -> None:
    token = factories.token(store, factories.user(store), datetime.now(UTC))
    browser.client.cookies.set("endterm", token)


def start(student: Browser) -> Page:
    return student.send(student.get("/exams/small"), "/exams/small/attempts")


def save(page: Page, student: Browser, **values: str) -> Page:
    return student.send(page, f"{page.url}/answers", **values)


def hand_in(page: Page, student: Browser) -> Page:
    summary = student.get(f"{page.url}/submission")
    return student.send(summary, f"{page.url}/submission")


def test_a_student_makes_an_account_and_sees_the_exams(browser: Browser) -> None:
    form = browser.get("/registration")

    page = browser.send(form, "/registration", name="Sam", email="sam@example.org", password=PASSWORD)

    assert page.url == "/"
    assert "No exam has been published yet" in page.text


def test_a_faulty_account_form_keeps_what_was_typed_and_leads_to_the_box(browser: Browser) -> None:
    form = browser.get("/registration")

    page = browser.send(form, "/registration", 422, name="Sam", email="no address", password=PASSWORD)

    assert page.all("input", id="email")[0].attributes["value"] == "no address"
    assert page.all("a", href="#email")


def test_a_wrong_password_does_not_say_what_was_wrong(browser: Browser) -> None:
    page = browser.send(browser.get("/sign-in"), "/sign-in", 401, email="no@example.org", password="x")

    assert "The e-mail address or the password is not right." in page.text


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(browser: Browser) -> None:
    page = browser.get("/exams/small")

    assert page.url == "/sign-in"
    assert page.all("input", name="next")[0].attributes["value"] == "/exams/small"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_signing_in_never_leads_to_another_site(student: Browser, target: str) -> None:
    answer = student.client.get("/sign-in", params={"next": target}, headers=OWN, follow_redirects=False)

    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session(student: Browser) -> None:
    page = student.send(student.get("/"), "/sign-out")

    assert page.url == "/sign-in"
    assert student.get("/").url == "/sign-in"


def test_an_exam_says_what_it_asks_before_it_is_started(student: Browser) -> None:
    page = student.get("/exams/small")

    assert "90 min" in page.text
    assert "Good luck." in page.text
    assert "What is saved when" in page.text


def test_pressing_start_twice_gives_the_same_attempt(student: Browser) -> None:
    form = student.get("/exams/small")
    once = student.send(form, "/exams/small/attempts")

    again = student.send(form, "/exams/small/attempts")

    assert again.url == once.url


def test_an_answer_saved_by_the_button_stands_in_the_form_again(student: Browser) -> None:
    page = start(student)

    again = save(page, student, part="1b", **{"1b.count": "2*60"}, flag="1b")

    assert again.all("input", name="1b.count")[0].attributes["value"] == "2*60"
    assert "1b answered, flagged" in again.text
    assert "1 of 2 answered" in again.text


def test_a_cut_off_form_empties_nothing(student: Browser) -> None:
    page = start(student)
    save(page, student, part="1b", **{"1b.count": "120"})

    again = save(page, student, part="1a", **{"1a.choice": "2"})

    assert again.all("input", name="1b.count")[0].attributes["value"] == "120"


def test_the_hand_in_page_tells_what_is_still_empty(student: Browser) -> None:
    page = start(student)
    save(page, student, part="1b", **{"1b.count": "about 12"}, flag="1b")

    summary = student.get(f"{page.url}/submission")

    assert "1 part is still empty, 1 is flagged, 1 cannot be read" in summary.text


def test_a_result_shows_points_verdicts_the_answer_and_the_solution(student: Browser) -> None:
    page = start(student)
    save(page, student, part="1a", **{"1a.choice": "1"})
    save(page, student, part="1b", **{"1b.count": "2*60"})

    result = hand_in(page, student)

    assert "2 of 3 credits are certain" in result.text
    assert "✗ not met 1 Just the second option." in result.text
    assert "✓ met 1 It is 120." in result.text
    assert "Read as 120" in result.text
    assert "Model solution" in result.text


def test_handing_in_asks_first_if_the_browser_holds_what_the_server_has_not_got(student: Browser) -> None:
    page = start(student)
    save(page, student, part="1b", **{"1b.count": "120"})
    summary = student.get(f"{page.url}/submission")
    held = f"1b {2**53 - 1}"

    asked = student.send(summary, f"{page.url}/submission", 409, unsaved=held)
    assert "Not handed in yet" in asked.text
    assert asked.all("a", href=f"{page.url}#part-1b")
    assert student.get(page.url).url == page.url

    result = student.send(asked, f"{page.url}/submission", unsaved=held, anyway="true")
    assert result.url == f"{page.url}/result"


@pytest.mark.parametrize("unsaved", ["1b", "1b x", "1b -1", "x" * 500, "1b " + "9" * 5000, "1b 1 2", ""])
def test_what_no_page_of_ours_sends_does_not_keep_a_student_from_handing_in(
    student: Browser, unsaved: str
) -> None:
    page = start(student)
    summary = student.get(f"{page.url}/submission")

    assert student.send(summary, f"{page.url}/submission", unsaved=unsaved).url == f"{page.url}/result"


def test_handing_in_twice_gives_the_same_result(student: Browser) -> None:
    page = start(student)
    summary = student.get(f"{page.url}/submission")
    once = student.send(summary, f"{page.url}/submission")

    again = student.send(summary, f"{page.url}/submission")

    assert again.url == once.url
    assert again.text == once.text


def test_the_receipt_of_a_hand_in_can_be_kept(student: Browser, store: Store) -> None:
    page = start(student)
    save(page, student, part="1b", **{"1b.count": "120"})
    assert "once the attempt is handed in" in student.get(f"{page.url}/receipt", 404).text
    result = hand_in(page, student)

    kept = student.client.get(result.all("a", download="")[0].attributes["href"], headers=OWN)

    assert kept.headers["content-type"] == "text/plain; charset=utf-8"
    assert kept.headers["content-disposition"].startswith('attachment; filename="receipt-')
    assert result.all("code")[-1].text in kept.text
    with store.read() as db:
        assert receipts.verify(db, kept.text).agrees


def test_a_handed_in_attempt_leads_to_its_result_and_stays_in_the_catalogue(student: Browser) -> None:
    page = start(student)
    hand_in(page, student)

    assert student.get(page.url).url == f"{page.url}/result"
    assert student.get("/").all("a", href=f"{page.url}/result")


def test_an_attempt_of_somebody_else_looks_like_none(student: Browser, store: Store) -> None:
    page = start(student)
    sign_in_as(student, store)

    for place in ("", "/submission", "/result", "/receipt"):
        assert "There is no such attempt" in student.get(page.url + place, 404).text


def test_the_clock_of_a_running_page_hears_of_an_extension(student: Browser, store: Store) -> None:
    page = start(student)
    before = student.client.get(f"{page.url}/state").json()

    public_id = page.url.rpartition("/")[2]
    store.write(lambda db: attempts.extend(db, public_id, 15, datetime.now(UTC)))

    after = student.client.get(f"{page.url}/state").json()
    assert moment(after["deadline"]) - moment(before["deadline"]) == timedelta(minutes=15)
    assert after["state"] == "open"


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}]
)
def test_a_form_of_another_site_changes_nothing(student: Browser, headers: dict[str, str]) -> None:
    answer = student.client.post("/exams/small/attempts", headers={**headers, "Accept": "text/html"})

    assert answer.status_code == 403
    assert "another site" in answer.text


def test_a_form_from_before_signing_in_is_refused(student: Browser) -> None:
    answer = student.client.post("/exams/small/attempts", data={"form_token": "é"}, headers=OWN)

    assert answer.status_code == 403
    assert "Go back, reload it" in answer.text


def test_pages_may_run_only_our_own_scripts_and_are_not_kept(student: Browser) -> None:
    answer = student.client.get("/", headers=OWN)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["cache-control"] == "no-store"


def test_static_files_are_kept_for_good_under_the_name_of_their_content(student: Browser) -> None:
    address = student.get("/").all("link", rel="icon")[0].attributes["href"]

    kept = student.client.get(address)
    old = student.client.get(address.replace(address.split("/")[2], "0ld"))

    assert "immutable" in kept.headers["cache-control"]
    assert old.status_code == 200
    assert "immutable" not in old.headers["cache-control"]


@pytest.mark.parametrize(
    "address", ["/figures/99999999999999999999/x.svg", "/figures/abc/x.svg", "/attempts/%00", "/exams/%00"]
)
def test_an_address_that_cannot_be_is_a_page_that_is_not_there(student: Browser, address: str) -> None:
    reply = student.client.get(address, headers=OWN)

    assert reply.status_code == 404
    assert "content-security-policy" in reply.headers


def test_an_error_page_says_what_to_do(student: Browser) -> None:
    page = student.get("/nothing", 404)

    assert "There is nothing here" in page.text
    assert page.all("a", href="/")


def test_an_unexpected_fault_is_shown_as_ours_and_gives_nothing_away(student: Browser, store: Store) -> None:
    store.write(lambda db: db.execute(text("UPDATE exam_versions SET text = 'gone: [' ")))

    answer = student.client.get("/", headers=OWN)

    assert answer.status_code == 500
    assert "Everything that was saved is safe" in answer.text
    assert "gone" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("table", ["exam_versions", "users"])
def test_a_database_that_does_not_answer_is_a_page_that_says_try_again(
    student: Browser, store: Store, table: str
) -> None:
    if not store.is_sqlite:
        pytest.skip("a missing table is no fault of the connection there; other tests take the server away")
    store.write(lambda db: db.execute(text(f"ALTER TABLE {table} RENAME TO gone")))

    answer = student.client.get("/", headers=OWN)

    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text
    assert "gone" not in answer.text
