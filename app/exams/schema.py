"""The exam file, strict: every key, its type and its meaning. The JSON Schema for editors comes from here.

Fields and checks are described by the frozen dataclasses of `app.grading`; their tables decide what a file may say.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields as attributes
from dataclasses import is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    create_model,
    model_validator,
    with_config,
)
from pydantic_core import CoreSchema

from app.grading.checks import CHECKS, CheckKind
from app.grading.fields import FIELDS, FieldKind

# Unions that are made from tables while the program runs; for the type checker they are anything.
if TYPE_CHECKING:
    AnyField = Any
    AnyCheck = Any
    AnyNode = Any

STRICT = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, coerce_numbers_to_str=True)


# Attributes such as `is_` are written without the underscore in the file.
RULES = ConfigDict(**STRICT, alias_generator=lambda name: name.rstrip("_"))


class Strict(BaseModel):
    """A mapping of the file with known keys only."""

    model_config = STRICT


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


# Fields and checks, from their tables.


def _strictly(kind: type) -> type:
    """The dataclass, told to refuse unknown keys; and so with every dataclass inside it."""
    if "__pydantic_config__" not in vars(kind):
        with_config(RULES)(kind)
        for hint in get_type_hints(kind).values():
            for inner in (hint, *get_args(hint)):
                if is_dataclass(inner) and isinstance(inner, type):
                    _strictly(inner)
    return kind


class _WithKind:
    """Adds the key `kind` to the JSON Schema of a field's dataclass."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core))
        properties = {"kind": {"const": self.name}, **schema.get("properties", {})}
        return {**schema, "properties": properties, "required": ["kind", *schema.get("required", [])]}


def _field_branch(kind: FieldKind) -> Any:
    def without_kind(value: Any) -> Any:
        return (
            {key: item for key, item in value.items() if key != "kind"} if isinstance(value, dict) else value
        )

    return Annotated[
        _strictly(kind.spec), BeforeValidator(without_kind), _WithKind(kind.name), Tag(kind.name)
    ]


def _kind_of(value: Any) -> str | None:
    return value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)


def _union(branches: list[Any], discriminator: Callable[[Any], Any], message: str) -> Any:
    joined: Any = branches[0]
    for branch in branches[1:]:
        joined = joined | branch
    return Annotated[
        joined, Discriminator(discriminator, custom_error_type="kind", custom_error_message=message)
    ]


FieldSpec: Any = _union(
    [_field_branch(kind) for kind in FIELDS.values()], _kind_of, f"kind must be one of: {', '.join(FIELDS)}"
)


if not TYPE_CHECKING:
    AnyField = FieldSpec


class _Short:
    """Lets a rule be written as the bare value of its main key: `ticked: [3]`."""

    def __init__(self, kind: CheckKind) -> None:
        self.key = kind.short.rstrip("_") if kind.short else None
        self.keys = {one.name.rstrip("_") for one in attributes(kind.rule)}

    def expand(self, value: Any) -> Any:
        written_out = isinstance(value, dict) and (not value or not self.keys.isdisjoint(value))
        return (
            value
            if written_out or self.key is None or not isinstance(value, list | str | int | Decimal)
            else {self.key: value}
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        full = handler(core)
        if self.key is None:
            return full
        short = handler.resolve_ref_schema(full).get("properties", {}).get(self.key, {})
        return {"anyOf": [{key: item for key, item in short.items() if key != "default"}, full]}


def _rule(kind: CheckKind) -> Any:
    short = _Short(kind)
    return Annotated[_strictly(kind.rule), BeforeValidator(short.expand), short] | None


def _summary(rule: type) -> str:
    return (rule.__doc__ or "").strip().split("\n\n")[0]


class AtLeast(Strict):
    """So many of the checks are met."""

    n: int = Field(ge=1)
    of: tuple["AnyCheck", ...] = Field(min_length=1)


class Combinations(Strict):
    """Checks of checks."""

    all: tuple["AnyCheck", ...] | None = Field(None, min_length=1, description="Every check is met.")
    any: tuple["AnyCheck", ...] | None = Field(None, min_length=1, description="One of the checks is met.")
    not_: "AnyCheck | None" = Field(None, alias="not", description="The check is not met.")
    at_least: AtLeast | None = None
    in_order: tuple["AnyCheck", ...] | None = Field(None, min_length=2, description="All met, in this order.")
    idea: str | None = Field(None, description="A check of the part's `ideas`, by its name.")

    @model_validator(mode="before")
    @classmethod
    def exactly_one(cls, value: Any) -> Any:
        """A check is a mapping with one key: its name."""
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("a check is one name with its rule, such as `says: [...]`")
        name = next(iter(value))
        if name not in CHECKS and name not in COMBINATORS:
            raise ValueError(f"there is no check {name!r}; known: {', '.join([*CHECKS, *COMBINATORS])}")
        if value[name] is None:
            raise ValueError(f"the check {name!r} has no rule; one that needs none is written {name}: {{}}")
        return value

    @property
    def written(self) -> tuple[str, Any]:
        """The name of the check and its rule."""
        name = next(iter(self.model_fields_set))
        return name.rstrip("_"), getattr(self, name)


COMBINATORS = ("all", "any", "not", "at_least", "in_order", "idea")

_RULES: dict[str, Any] = {
    name: (_rule(kind), Field(None, description=_summary(kind.rule))) for name, kind in CHECKS.items()
}
CheckRule: Any = create_model("CheckRule", __base__=Combinations, **_RULES)
if not TYPE_CHECKING:
    AnyCheck = CheckRule
AtLeast.model_rebuild()
CheckRule.model_rebuild()


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


NodeRule: Any = _union(
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
    verdicts: dict[str, Literal["met", "not met", "unsure"]] = {}
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
    ideas: dict[str, AnyCheck] = {}
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
    terms: dict[str, tuple[str, ...]] = {}
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
