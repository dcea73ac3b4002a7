"""The fields: what a student can enter, one file per kind.

Reading an answer is a step of its own, before any check asks whether it is right.
"""

from collections.abc import Mapping
from typing import Any

from app.grading.fields.choice import CHOICE
from app.grading.fields.choices import CHOICES
from app.grading.fields.graph import GRAPH
from app.grading.fields.math import MATH
from app.grading.fields.matrix import MATRIX
from app.grading.fields.number import NUMBER
from app.grading.fields.numbers import NUMBERS
from app.grading.fields.sketch import SKETCH
from app.grading.fields.spec import FieldKind, Spec, malformed
from app.grading.fields.table import TABLE
from app.grading.fields.text import TEXT
from app.grading.types import Raw, Reading

FIELDS: Mapping[str, FieldKind] = {
    kind.name: kind
    for kind in (CHOICES, CHOICE, TEXT, MATH, NUMBER, NUMBERS, MATRIX, TABLE, GRAPH, SKETCH)
}  # fmt: skip


def read_part(fields: Mapping[str, Any], answer: Raw) -> dict[str, Reading]:
    """The readings of a part's fields; fields that were not sent are blank.

    `answer` maps field ids to raw values; anything else makes every field malformed.
    """
    if type(answer) is not dict and not isinstance(answer, Mapping):  # the first is much faster to ask
        return dict.fromkeys(fields, malformed("an object of fields"))
    return {name: FIELDS[spec.kind].read(spec, answer.get(name)) for name, spec in fields.items()}


__all__ = ["FIELDS", "FieldKind", "Spec", "read_part"]
