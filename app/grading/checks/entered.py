"""The check that something was entered at all, whatever it is. What is blank never reaches a judge."""

from dataclasses import dataclass

from app.grading.checks.frame import CheckKind
from app.grading.types import Verdict, View, met

ALL_KINDS = ("choices", "choice", "text", "math", "number", "numbers", "matrix", "table", "graph", "sketch")


@dataclass(frozen=True, slots=True)
class Entered:
    """Something was entered in this field: `entered: relu`; `not: {entered: relu}` asks for a blank one."""

    field: str | None = None


def entered(rule: Entered, view: View) -> Verdict:
    """The frame has turned blanks away already."""
    return met("Something was entered.")


ENTERED_CHECKS = {"entered": CheckKind(Entered, entered, ALL_KINDS, short="field")}
