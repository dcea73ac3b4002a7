"""The attempt page, cut once per exam version into pieces with slots for what is the student's own.

The pieces come out of the page's own template: it is rendered with marks in place of the student's values,
and of the small templates that decide something by them (FRAGMENTS). So a filled page is, byte for byte, the
page that the template gives; only most of it was rendered before.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, DictLoader, Environment

from app.exams.loader import Exam
from app.services.memory import Memory
from app.store.saved import SavedAnswer
from app.web.attempt_forms import part_form, problem_forms
from app.web.pages import AttemptPage, PartForm

TEMPLATE = "attempts/show.html"
FRAGMENTS = {name: f"attempts/{name}.html" for name in ("saved_notice", "overview_part", "fields", "flag")}
FILTERS = ("iso", "clock")
MOST_ANSWERS = 64 * 1024 * 1024  # bytes of rendered fields
KEEP = 16  # versions

Slot = tuple[str, str]
"""What goes there, and of which part ("" if it is the page's)."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What is the student's own on an attempt page. `saved`: a form without scripts has just been saved."""

    public_id: str
    account: str
    now: datetime
    deadline: datetime
    form_token: str
    answers: Mapping[str, SavedAnswer]
    saved: bool = False


class Papers:
    """The cut pages of the versions used last. Safe for several threads."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._lock = threading.Lock()
        self._cut: OrderedDict[int, _Paper] = OrderedDict()
        self._answers: Memory[_Fields] = Memory(MOST_ANSWERS, lambda one: len(one.html) + 500)

    def page(self, exam: Exam, version_id: int, own: OwnWork) -> bytes:
        """The whole page. Cutting takes a while and happens once, even if all ask at the same time."""
        with self._lock:
            paper = self._cut.get(version_id)
            if paper is None:
                paper = _Paper(self._environment, exam, version_id, self._answers)
            self._cut[version_id] = paper
            self._cut.move_to_end(version_id)
            while len(self._cut) > KEEP:
                self._cut.popitem(last=False)
        return paper.fill(own)


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a part with an answer in them."""

    state: str
    html: bytes


class _Mark:
    """Stands for a value while the page is cut; what a filter makes of it is another one."""

    def __init__(self, name: str, part: str = "") -> None:
        self.name, self.part = name, part

    def __html__(self) -> str:
        return f"\0{self.name} {self.part}\0"

    def through(self, filter_name: str) -> "_Mark":
        return _Mark(f"{self.name}|{filter_name}", self.part)


class _Paper:
    """The page of one version: `_pieces` are those of a student who has entered nothing yet."""

    def __init__(
        self, environment: Environment, exam: Exam, version_id: int, answers: Memory[_Fields]
    ) -> None:
        self._environment = environment
        self._version_id = version_id
        self._answers = answers
        self._rules = {part.id: part for part in exam.document.parts}
        self._iso: Callable[[datetime | None], str] = environment.filters["iso"]
        self._clock: Callable[[datetime], str] = environment.filters["clock"]
        self._fragment = cache(self._render_fragment)
        self._pieces, self._slots = _cut(environment, exam, version_id)
        self._blank = self._fill_blank()

    def fill(self, own: OwnWork) -> bytes:
        """The page with a student's work in it."""
        pieces = self._blank.copy()
        answered = 0
        for part, saved in own.answers.items():
            if part in self._rules:
                answered += self._fill_part(pieces, part, saved)
        self._fill_page(pieces, own, answered)
        return b"".join(pieces)

    def _fill_blank(self) -> list[bytes]:
        pieces = self._pieces.copy()
        for part in self._rules:
            self._fill_part(pieces, part, None)
        return pieces

    def _fill_page(self, pieces: list[bytes], own: OwnWork, answered: int) -> None:
        values = {
            "public_id": own.public_id,
            "account": own.account,
            "now|iso": self._iso(own.now),
            "deadline|iso": self._iso(own.deadline),
            "deadline|clock": self._clock(own.deadline),
            "form_token": own.form_token,
            "answered": str(answered),
        }
        for name, value in values.items():
            self._put(pieces, (name, ""), value.encode())
        self._put(pieces, ("saved_notice", ""), self._fragment("saved_notice", saved=own.saved))

    def _fill_part(self, pieces: list[bytes], part: str, saved: SavedAnswer | None) -> bool:
        """Whether anything is entered in the part."""
        filled = self._fields(part, saved)
        flagged = saved.flagged if saved else False
        values = {
            "counter": str(saved.counter if saved else 0).encode(),
            "saved_at|iso": self._iso(saved.saved_at if saved else None).encode(),
            "fields": filled.html,
            "flag": self._fragment("flag", part=part, flagged=flagged),
            "overview_part": self._fragment("overview_part", part=part, flagged=flagged, state=filled.state),
        }
        for name, value in values.items():
            self._put(pieces, (name, part), value)
        return filled.state != "empty"

    def _put(self, pieces: list[bytes], slot: Slot, value: bytes) -> None:
        for place in self._slots[slot]:
            pieces[place] = value

    def _fields(self, part: str, saved: SavedAnswer | None) -> _Fields:
        """Rendered once for each answer: most students' short answers are the same ones."""
        key = (self._version_id, part, saved.answer if saved else "")
        return self._answers.get(key) or self._answers.keep(key, self._render_fields(part, saved))

    def _render_fields(self, part: str, saved: SavedAnswer | None) -> _Fields:
        form = part_form(self._rules[part], self._version_id, saved)
        return _Fields(form.state, self._render("fields", part=form))

    def _render_fragment(self, name: str, part: str = "", saved: bool = False, **own: Any) -> bytes:
        if not part:
            return self._render(name, saved=saved)
        return self._render(name, part={"id": part, **own})

    def _render(self, name: str, **values: Any) -> bytes:
        return self._environment.get_template(FRAGMENTS[name]).render(values).encode()


def _cut(
    environment: Environment, exam: Exam, version_id: int
) -> tuple[list[bytes], Mapping[Slot, list[int]]]:
    """The pieces in order, and the places among them that are slots."""
    marked = _marking(environment).get_template(TEMPLATE).render(_marked_values(exam, version_id))
    texts = marked.split("\0")  # every second one is a mark
    slots: defaultdict[Slot, list[int]] = defaultdict(list)
    for place in range(1, len(texts), 2):
        name, _, part = texts[place].partition(" ")
        slots[name, part].append(place)
    return [text.encode() for text in texts], slots


def _marking(environment: Environment) -> Environment:
    """The same templates, giving marks in place of what is the student's own."""
    marks = {
        path: f"\0{name} {'' if name == 'saved_notice' else '{{ part.id }}'}\0"
        for name, path in FRAGMENTS.items()
    }
    marking = environment.overlay(
        loader=ChoiceLoader([DictLoader(marks), *filter(None, [environment.loader])])
    )
    marking.filters = {**environment.filters, **{name: _marking_filter(name) for name in FILTERS}}
    return marking


def _marking_filter(name: str) -> Callable[[_Mark], _Mark]:
    return lambda mark: mark.through(name)


def _marked_values(exam: Exam, version_id: int) -> dict[str, Any]:
    problems = tuple(
        replace(problem, parts=tuple(_marked_part(part) for part in problem.parts))
        for problem in problem_forms(exam, version_id, {})
    )
    page = AttemptPage(
        title=exam.document.title,
        public_id=_mark("public_id"),
        account=_mark("account"),
        now=_mark("now"),
        deadline=_mark("deadline"),
        problems=problems,
        answered=_mark("answered"),
        parts=len(exam.parts),
        saved=False,
    )
    return {one.name: getattr(page, one.name) for one in fields(page)} | {
        "form_token": _mark("form_token"),
        "user": None,
    }


def _marked_part(part: PartForm) -> PartForm:
    return replace(part, counter=_mark("counter", part.id), saved_at=_mark("saved_at", part.id))


def _mark(name: str, part: str = "") -> Any:
    """A mark where the page's dataclass has a value of its own type."""
    return _Mark(name, part)
