"""The words of grading: fields and what was read from them, verdicts with evidence, the marking tree, marks.

Everything here is a frozen value; what is made most often is a struct, made in a quarter of the time.
Points are `Fraction`s on the half-credit grid, never floats.
An answer of a part maps field ids to raw values as `endterm grade` reads them (the answer format).
"""

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")
Points = Fraction
HALF = Fraction(1, 2)

Raw = Any  # JSON of an answer: str, list, dict, None
PartAnswer = Mapping[str, Raw]
Answers = Mapping[str, PartAnswer]


# Reading: what a field holds, before anyone asks whether it is right.


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing was entered. For `choices`, `[]` is a value ("none of these"), not blank."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something was entered that cannot be read; never a silent zero.

    `malformed` marks JSON of the wrong shape (no page sends it), reported as an error of the field.
    """

    reason: str
    so_far: str = ""
    malformed: bool = False


class Value(Struct, frozen=True, gc=False):
    """A value as the engine reads it; its type belongs to the field kind.

    `echo` says in plain text how it was read ("= 0.0004"), "" where that is obvious.
    `others` are the further readings of an ambiguous entry ("1,500"), empty as a rule.
    """

    value: Any
    echo: str = ""
    others: tuple[Any, ...] = ()


Reading = Blank | Unreadable | Value
BLANK = Blank()


# Verdicts and their evidence.


class Outcome(Enum):
    """Three values. UNSURE is for a person to settle."""

    MET = "met"
    NOT_MET = "not met"
    UNSURE = "unsure"


class Evidence(Struct, frozen=True, gc=False):
    """A place in an answer and what it shows.

    `place` holds the keys of the answer format: `start`/`end` (code points, end exclusive) in text and math,
    `row`/`col` in a matrix, `index` in numbers, `row`/`column` in a table, `node` or `edge` in a graph,
    `stroke`/`from`/`to` in a sketch; empty means the whole field. `part` is set when the field is in another part.
    """

    field: str
    rule: str
    sentence: str
    place: Mapping[str, Any] = {}
    part: str | None = None

    def as_json(self) -> dict[str, Any]:
        """One flat object, as `endterm grade` prints it."""
        head = {"field": self.field} if self.part is None else {"part": self.part, "field": self.field}
        return {**head, **self.place, "rule": self.rule, "sentence": self.sentence}


class Verdict(Struct, frozen=True, gc=False):
    """What a check found: an outcome, the places that count, and one plain sentence.

    `likely` is the side on which an unsure verdict leans; it gives the best mark, never the certain one.
    """

    outcome: Outcome
    sentence: str = ""
    evidence: tuple[Evidence, ...] = ()
    likely: bool = False

    @property
    def leans_met(self) -> bool:
        """Whether the best mark counts this as met."""
        return self.outcome is Outcome.MET or (self.outcome is Outcome.UNSURE and self.likely)


def met(sentence: str = "", *evidence: Evidence) -> Verdict:
    """A settled yes."""
    return Verdict(Outcome.MET, sentence, evidence)


def not_met(sentence: str = "", *evidence: Evidence) -> Verdict:
    """A settled no."""
    return Verdict(Outcome.NOT_MET, sentence, evidence)


def unsure(sentence: str = "", *evidence: Evidence, likely: bool = False) -> Verdict:
    """Nothing settled: a person should look. `likely` says which way it leans."""
    return Verdict(Outcome.UNSURE, sentence, evidence, likely)


def doubted(verdict: Verdict, sentence: str) -> Verdict:
    """The same verdict, no longer settled; it keeps leaning to its own side."""
    return replace(verdict, outcome=Outcome.UNSURE, likely=verdict.leans_met, sentence=sentence)


# What a check sees.


class View:
    """One part's answer as checks see it: readings by field, and those of the other parts.

    `reading("text")` is a field of this part; `reading("3c.split")` a field of part 3c. `own` are the readings of this
    part alone. `thorough` asks for every place that counts; without it, checks of checks stop at what settles them.
    """

    __slots__ = ("known", "own", "part_id", "readings", "thorough")

    def __init__(
        self, part_id: str, readings: Mapping[str, Mapping[str, Reading]], *, thorough: bool = False
    ) -> None:
        self.part_id = part_id
        self.readings = readings  # part id -> field id -> reading
        self.own = readings[part_id]
        self.thorough = thorough
        self.known: dict[Hashable, Any] = {}

    def made_thorough(self) -> "View":
        """The same answer, asked for every place; what is known of it stays known."""
        view = View(self.part_id, self.readings, thorough=True)
        view.known.update(self.known)
        return view

    def with_reading(self, name: str, reading: Reading) -> "View":
        """The same answer with another reading of one field; nothing is known of it yet."""
        part, _, field_id = name.rpartition(".")
        part = part or self.part_id
        readings = {**self.readings, part: {**self.readings.get(part, {}), field_id: reading}}
        return View(self.part_id, readings, thorough=self.thorough)

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What was found for this answer under a key, found at the first call only: criteria share checks."""
        if key not in self.known:
            self.known[key] = find()
        found: T = self.known[key]
        return found

    def reading(self, name: str) -> Reading:
        """The reading of a field; a field that was never entered is blank."""
        if name in self.own:  # nearly always
            return self.own[name]
        part, _, field_id = name.rpartition(".")
        return self.readings.get(part or self.part_id, {}).get(field_id, BLANK)

    def value(self, name: str) -> Any:
        """The value of a readable field, else None."""
        reading = self.own.get(name) or self.reading(name)
        return reading.value if isinstance(reading, Value) else None


Judge = Callable[[View], Verdict]


@dataclass(frozen=True, slots=True)
class Check:
    """A compiled check: its name in the CHECKS table, the fields it looks at, and the judging function.

    `words`: it looks for words in a text, so that other words may say the same. `remembers`: asked again about the same
    answer, it knows its verdict.
    """

    name: str
    fields: tuple[str, ...]
    judge: Judge = dataclasses.field(compare=False)
    words: bool = False
    remembers: bool = False


# The marking tree.


def halves_of(points: Points) -> int:
    """Half credits: 3 for 3/2. Raises ValueError for what is not on that grid."""
    halves, rest = divmod(2 * points.numerator, points.denominator)
    if rest:
        raise ValueError(f"points come in half credits, not {points}")
    return halves


@dataclass(frozen=True, slots=True)
class Criterion:
    """A leaf of the tree: what people see, toggle and argue about. Negative points are a deduction."""

    id: str
    points: Points
    sentence: str
    check: Check
    halves: int = dataclasses.field(init=False, compare=False, repr=False)  # the points, to be added up fast

    def __post_init__(self) -> None:
        object.__setattr__(self, "halves", halves_of(self.points))


@dataclass(frozen=True, slots=True)
class Sum:
    """Points add up; never below zero, never above `at_most`."""

    nodes: tuple["Node", ...]
    at_most: Points | None = None


@dataclass(frozen=True, slots=True)
class Best:
    """Only the best of several counts: tiers, ladders, and alternative complete solutions."""

    nodes: tuple["Node", ...]


Node = Criterion | Sum | Best


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """When `check` is met (or unsure), the named criteria (all if none) are no longer settled."""

    check: Check
    because: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a problem, ready to be marked.

    `fields` maps field ids to their kind's specification; words copied from the `prompt` say nothing. `criteria` are
    all leaves of the marking tree in the order of the exam file, `looks_at` the other parts whose answers its checks
    read (by a field name such as "3c.split"), `worded` the text fields in which its checks look for words, each with the
    criteria whose points words in it can earn, `formulas` the fields of formulas.
    """

    id: str
    points: Points
    fields: Mapping[str, Any]
    marking: Node
    reviews: tuple[ReviewRule, ...] = ()
    prompt: str = ""
    criteria: tuple[Criterion, ...] = dataclasses.field(init=False)
    looks_at: tuple[str, ...] = dataclasses.field(init=False)
    worded: Mapping[str, Sequence[str]] = dataclasses.field(init=False)
    formulas: tuple[str, ...] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        criteria = tuple(leaves(self.marking))
        checks = [criterion.check for criterion in criteria] + [rule.check for rule in self.reviews]
        others = (name.rpartition(".")[0] for check in checks for name in check.fields)
        object.__setattr__(self, "criteria", criteria)
        object.__setattr__(
            self, "looks_at", tuple(dict.fromkeys(part for part in others if part and part != self.id))
        )
        object.__setattr__(self, "worded", self._worded(criteria))
        formulas = (name for name, field in self.fields.items() if field.kind == "math")
        object.__setattr__(self, "formulas", tuple(formulas))

    def _worded(self, criteria: Iterable[Criterion]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in criteria:
            for name in one.check.fields if one.check.words else ():
                if name in self.fields and self.fields[name].kind == "text":
                    found.setdefault(name, []).extend([one.id] if one.halves > 0 else [])
        return found


def leaves(node: Node) -> Iterator[Criterion]:
    """The criteria below a node, in order."""
    if isinstance(node, Criterion):
        yield node
        return
    for child in node.nodes:
        yield from leaves(child)


# Marks.


class CriterionMark(Struct, frozen=True, gc=False):
    """A criterion's verdict on one answer.

    `points` is what it is worth, `counts` whether they are in the best mark.
    """

    id: str
    points: Points
    sentence: str
    verdict: Verdict
    counts: bool


@dataclass(frozen=True, slots=True)
class FieldError:
    """A field that could not be taken as it was sent, and why."""

    field: str
    reason: str


class PartMark(Struct, frozen=True, gc=False):
    """The mark of one part: 0 ≤ low ≤ points ≤ high ≤ max, all on the half-credit grid.

    `low` is certain, `high` is possible, `points` the best mark between.
    `review` says that a person should look, and `reasons` why.
    """

    part_id: str
    max: Points
    points: Points
    low: Points
    high: Points
    answered: bool
    review: bool
    reasons: tuple[str, ...]
    criteria: tuple[CriterionMark, ...]
    readings: Mapping[str, Reading]
    errors: tuple[FieldError, ...] = ()
