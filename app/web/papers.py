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
from typing import Any, NamedTuple

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
        self._answers: Memory[_Part] = Memory(MOST_ANSWERS, _size)

    def remembered_page(self, version_id: int, own: OwnWork) -> bytes | None:
        """The whole page, within a millisecond; None if something of it was never rendered before."""
        paper = self._cut.get(version_id)
        return paper.fill_remembered(own) if paper else None

    def page(self, exam: Exam, version_id: int, own: OwnWork) -> bytes:
        """The whole page."""
        return self.prepare(exam, version_id).fill(own)

    def prepare(self, exam: Exam, version_id: int) -> "_Paper":
        """Cut the page. That takes a while and happens once, even if all ask at the same time."""
        with self._lock:
            paper = self._cut.get(version_id)
            if paper is None:
                paper = _Paper(self._environment, exam, version_id, self._answers)
            self._cut[version_id] = paper
            self._cut.move_to_end(version_id)
            while len(self._cut) > KEEP:
                self._cut.popitem(last=False)
        return paper


class _Part(NamedTuple):
    """What a page shows of a part with an answer in it: the pieces beside when it was saved."""

    answered: bool
    overview_part: bytes
    fields: bytes
    flag: bytes


class _Places(NamedTuple):
    """Where the pieces of a part have their places."""

    counter: int
    saved_at: int
    overview_part: int
    fields: int
    flag: int


def _size(one: _Part) -> int:
    return len(one.overview_part) + len(one.fields) + len(one.flag) + 500


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

    def __init__(self, environment: Environment, exam: Exam, version_id: int, answers: Memory[_Part]) -> None:
        self._environment = environment
        self._version_id = version_id
        self._answers = answers
        self._rules = {part.id: part for part in exam.document.parts}
        self._iso: Callable[[datetime | None], str] = environment.filters["iso"]
        self._clock: Callable[[datetime], str] = environment.filters["clock"]
        self._fragment = cache(self._render_fragment)
        self._pieces, self._slots = _cut(environment, exam, version_id)
        self._places = {part: self._places_of(part) for part in self._rules}
        self._blank = self._fill_blank()

    def fill(self, own: OwnWork) -> bytes:
        """The page with a student's work in it."""
        answers = self._known(own)
        return self._fill(own, answers, [self._part(one.part, one) for one in answers])

    def fill_remembered(self, own: OwnWork) -> bytes | None:
        """The same; None if a part of it has to be rendered."""
        answers = self._known(own)
        parts = self._answers.get_all([self._key(one) for one in answers])
        return None if parts is None else self._fill(own, answers, parts)

    def _known(self, own: OwnWork) -> list[SavedAnswer]:
        return [one for one in own.answers.values() if one.part in self._places]

    def _fill(self, own: OwnWork, answers: list[SavedAnswer], parts: list[_Part]) -> bytes:
        pieces = self._blank.copy()
        answered = 0
        for saved, part in zip(answers, parts, strict=True):
            answered += part.answered
            places = self._places[saved.part]
            pieces[places.counter] = b"%d" % saved.counter
            pieces[places.saved_at] = self._iso(saved.saved_at).encode()
            pieces[places.overview_part], pieces[places.fields], pieces[places.flag] = part[1:]
        self._fill_page(pieces, own, answered)
        return b"".join(pieces)

    def _places_of(self, part: str) -> _Places:
        """Raises ValueError if the template names one of them not exactly once."""
        names = ("counter", "saved_at|iso", "overview_part", "fields", "flag")
        (places,) = zip(*(self._slots[name, part] for name in names), strict=True)
        return _Places(*places)

    def _fill_blank(self) -> list[bytes]:
        pieces = self._pieces.copy()
        for name, places in self._places.items():
            part = self._render_part(name, None)
            pieces[places.counter], pieces[places.saved_at] = b"0", self._iso(None).encode()
            pieces[places.overview_part], pieces[places.fields], pieces[places.flag] = part[1:]
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

    def _put(self, pieces: list[bytes], slot: Slot, value: bytes) -> None:
        for place in self._slots[slot]:
            pieces[place] = value

    def _key(self, saved: SavedAnswer) -> tuple[int, str, str, bool]:
        return self._version_id, saved.part, saved.answer, saved.flagged

    def _part(self, name: str, saved: SavedAnswer) -> _Part:
        """Rendered once for each answer: most students' short answers are the same ones."""
        key = self._key(saved)
        return self._answers.get(key) or self._answers.keep(key, self._render_part(name, saved))

    def _render_part(self, name: str, saved: SavedAnswer | None) -> _Part:
        form = part_form(self._rules[name], self._version_id, saved)
        return _Part(
            form.state != "empty",
            self._fragment("overview_part", part=name, flagged=form.flagged, state=form.state),
            self._render("fields", part=form),
            self._fragment("flag", part=name, flagged=form.flagged),
        )

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
