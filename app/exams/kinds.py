"""What an exam file may say of a field and of a check: unions that the tables of `app.grading` decide.

Fields and checks are described by the frozen dataclasses of their kinds; here they learn to be strict, and their short forms.
"""

from collections.abc import Callable
from dataclasses import fields as attributes
from dataclasses import is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
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

STRICT = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, coerce_numbers_to_str=True)


# Attributes such as `is_` are written without the underscore in the file.
RULES = ConfigDict(**STRICT, alias_generator=lambda name: name.rstrip("_"))


class Strict(BaseModel):
    """A mapping of the file with known keys only."""

    model_config = STRICT


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


def union(branches: list[Any], discriminator: Callable[[Any], Any], message: str) -> Any:
    """A type that is one of the branches: the one whose tag the discriminator finds; where it finds none, the message is said."""
    joined: Any = branches[0]
    for branch in branches[1:]:
        joined = joined | branch
    return Annotated[
        joined, Discriminator(discriminator, custom_error_type="kind", custom_error_message=message)
    ]


FieldSpec: Any = union(
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
