"""The exam file, strict: every key, its type and its meaning. The JSON Schema for editors comes from here.

What fields and checks may say is in `app.exams.kinds`.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, Tag, WithJsonSchema

from app.exams.kinds import AnyCheck, AnyField, Strict, union

if TYPE_CHECKING:
    AnyNode = Any  # a union that is made while the program runs; for the type checker it is anything


def _half_credits(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float | Fraction | str):
        raise ValueError("points are a number such as 1 or 0.5")
    try:
        points = Fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError("points are a number such as 1 or 0.5") from error
    if (2 * points).denominator != 1:
        raise ValueError("points come in half credits: 0.5, 1, 1.5, …")
    return points


Credits = Annotated[
    Fraction,
    BeforeValidator(_half_credits),
    PlainSerializer(float),
    WithJsonSchema({"type": "number", "multipleOf": 0.5}),
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


# The marking tree.


class CriterionRule(Strict):
    """One thing that points are given for. Negative points are a deduction."""

    id: Identifier
    points: Credits
    for_: str = Field(alias="for", min_length=3, description="What earns the points, as students read it.")
    check: AnyCheck


class SumRule(Strict):
    """Points of several nodes, up to `at_most`."""

    sum: tuple["AnyNode", ...] = Field(min_length=1)
    at_most: Credits | None = None


class BestRule(Strict):
    """Only the best of several nodes counts."""

    best: tuple["AnyNode", ...] = Field(min_length=1)


def _node_kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return "sum" if "sum" in keys else "best" if "best" in keys else "criterion"


NodeRule: Any = union(
    [
        Annotated[CriterionRule, Tag("criterion")],
        Annotated[SumRule, Tag("sum")],
        Annotated[BestRule, Tag("best")],
    ],
    _node_kind,
    "a node of the marking tree is a criterion, a sum or a best",
)
if not TYPE_CHECKING:
    AnyNode = NodeRule
SumRule.model_rebuild()
BestRule.model_rebuild()


class ReviewWhen(Strict):
    """When the check is met, a person looks at the named criteria (all if none is named)."""

    when: AnyCheck
    because: str
    criteria: tuple[Identifier, ...] = ()


# The paper.


def _as_json(value: Any) -> Any:
    """Answers are JSON: the exact decimals of the file become floats, as browsers send them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    return [_as_json(item) for item in value] if isinstance(value, list) else value


PartAnswer = Annotated[dict[str, Any], BeforeValidator(_as_json)]


class Sample(Strict):
    """An answer and the points it must get. `verdicts` and `review` are checked where they are given."""

    answer: PartAnswer
    points: Credits
    verdicts: dict[str, Literal["met", "not met", "unsure"]] = Field({})
    review: bool | None = None
    others: dict[str, PartAnswer] = Field({}, description="Answers to other parts, where they matter.")
    why: str = ""


class Figure(Strict):
    """An SVG file beside the exam."""

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\.svg$")]
    alt: str
    caption: str = ""


def _distinct_fields(fields: dict[str, Any]) -> dict[str, Any]:
    if not fields:
        raise ValueError("a part needs at least one field")
    return fields


class PartRule(Strict):
    """One part of a problem: what is asked, what can be entered, how it is marked."""

    id: Identifier
    points: Credits
    title: str = ""
    prompt: str
    figures: tuple[Figure, ...] = ()
    fields: Annotated[Mapping[Identifier, AnyField], AfterValidator(_distinct_fields)]
    solution: str
    model_answer: PartAnswer = Field(
        description="A right answer, as students enter it; it must get full points."
    )
    notes: tuple[str, ...] = Field((), description="Decisions that instructors can see and change.")
    ideas: dict[str, AnyCheck] = Field({})
    marking: tuple[AnyNode, ...] = Field(min_length=1)
    review: tuple[ReviewWhen, ...] = ()
    samples: tuple[Sample, ...] = ()


class Problem(Strict):
    """A problem of the paper with its parts."""

    id: Identifier
    title: str
    points: Credits
    intro: str = ""
    figures: tuple[Figure, ...] = ()
    parts: tuple[PartRule, ...] = Field(min_length=1)


class ExamFile(Strict):
    """A whole exam: cover, terms, problems."""

    format: Literal[1]
    exam: Slug
    title: str
    subtitle: str = ""
    institution: str = ""
    language: Literal["en", "de"] = "en"
    minutes: int = Field(ge=1, le=24 * 60)
    points: Credits
    aids: str = ""
    instructions: str = ""
    terms: dict[str, tuple[str, ...]] = Field({})
    problems: tuple[Problem, ...] = Field(min_length=1)

    @property
    def parts(self) -> tuple[PartRule, ...]:
        """All parts in the order of the paper."""
        return tuple(part for problem in self.problems for part in problem.parts)


class SamplesFile(Strict):
    """`NAME.samples.yaml`: samples by part id, beside the exam."""

    samples: dict[Identifier, tuple[Sample, ...]]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the exam file, for editors."""
    schema = ExamFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
