"""A browser without scripts for tests: it keeps cookies, sends forms as they stand, and checks every page it gets."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from starlette.testclient import TestClient

OWN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
EMPTY_TAGS = {"input", "img", "meta", "link", "br", "hr"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A page that was got: its elements in order, and its text."""

    status: int
    url: str
    html: str
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in EMPTY_TAGS:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag with just these attributes; `for_` and `class_` stand for the words themselves."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [one for one in self.elements if one.tag == tag and wanted.items() <= one.attributes.items()]

    @property
    def text(self) -> str:
        body = self.all("main")
        return re.sub(r"\s+", " ", body[0].text if body else self.html).strip()

    @property
    def title(self) -> str:
        return self.all("title")[0].text

    def check(self) -> None:
        """What holds on every page: a heading that the title agrees with, unique ids, labelled boxes."""
        headings = self.all("h1")
        assert len(headings) == 1, f"{self.url}: {len(headings)} h1"
        heading = re.sub(r"\s+", " ", headings[0].text).strip()
        assert self.title == f"{heading} · Endterm" or heading in self.title, f"{self.url}: {self.title}"
        ids = Counter(one.attributes["id"] for one in self.elements if "id" in one.attributes)
        assert not [name for name, count in ids.items() if count > 1], f"{self.url}: an id stands twice"
        self._check_labels()
        assert not [one for one in self.elements if {"style", "onclick"} & set(one.attributes)], self.url
        assert all(one.attributes.get("src") for one in self.all("script")), (
            f"{self.url}: a script inside the page"
        )
        assert all("alt" in one.attributes for one in self.all("img")), f"{self.url}: a picture without words"

    def _check_labels(self) -> None:
        named = {one.attributes.get("for") for one in self.all("label")}
        for tag in ("input", "select", "textarea"):
            for box in self.all(tag):
                if box.attributes.get("type") in UNLABELLED_TYPES or "aria-label" in box.attributes:
                    continue
                is_inside = self._stands_in_label(box)
                assert box.attributes.get("id") in named or is_inside, f"{self.url}: {box} has no label"

    def _stands_in_label(self, box: Element) -> bool:
        name = re.escape(box.attributes.get("name", ""))
        return bool(re.search(rf"<label[^>]*>(?:(?!</label>).)*name=\"{name}\"", self.html, re.DOTALL))


class Browser:
    """Goes from page to page as a student without scripts would."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, url: str, status: int = 200) -> Page:
        return self._page(self.client.get(url, headers=OWN), status)

    def send(self, page: Page, action: str, status: int = 200, **values: Any) -> Page:
        """Send the form of a page that goes to `action`, with its hidden fields and these values."""
        assert page.all("form", action=action), f"{page.url} has no form to {action}"
        token = page.all("input", name="form_token")[0].attributes["value"]
        return self._page(self.client.post(action, data={"form_token": token, **values}, headers=OWN), status)

    def upload(self, page: Page, action: str, content: bytes, status: int = 200) -> Page:
        """Send the form of a page that goes to `action` with a file."""
        token = page.all("input", name="form_token")[0].attributes["value"]
        box = page.all("input", type="file")[0].attributes["name"]
        files = {box: ("a-file", content, "application/octet-stream")}
        return self._page(
            self.client.post(action, data={"form_token": token}, files=files, headers=OWN), status
        )

    def _page(self, response: Any, status: int) -> Page:
        assert response.status_code == status, (
            f"{response.url}: {response.status_code}\n{response.text[:2000]}"
        )
        page = Page(response.status_code, str(response.url.path), response.text)
        page.check()
        return page
