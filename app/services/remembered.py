"""Marks that are remembered: the same answer to the same part of a version gets the same mark, worked out once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.exams.loader import Exam
from app.services.memory import Memory
from app.store.marks import MarkRow

MOST = 64 * 1024 * 1024  # bytes of marks
MOST_VERSIONS = 64

Texts = Mapping[str, str]
"""An attempt's answers by part, each the JSON that is stored."""


class MadeMark(NamedTuple):
    """The mark of a part, ready to be stored: its row, and as JSON what it was made from."""

    row: MarkRow
    detail: str


class RememberedMarks:
    """Marks by version, part, and the answers that the part's checks look at. Safe for several threads."""

    def __init__(self) -> None:
        self._made: Memory[MadeMark] = Memory(MOST, lambda one: len(one.detail) + 500)
        self._looks: dict[int, Mapping[str, tuple[str, ...]]] = {}

    def of(self, version_id: int, part: str, answers: Texts) -> MadeMark | None:
        return self._made.get(self._key(version_id, part, answers))

    def of_all(self, version_id: int, answers: Texts) -> list[MadeMark] | None:
        """The marks of all parts; None if one of them has to be worked out."""
        looks = self._looks.get(version_id, {})
        text = answers.get
        return (
            self._made.get_all((version_id, part, *map(text, names)) for part, names in looks.items()) or None
        )

    def learn(self, version_id: int, exam: Exam) -> None:
        """Which answers each part is judged by: its own, and those that its checks name."""
        if version_id not in self._looks:
            if len(self._looks) >= MOST_VERSIONS:
                self._looks.clear()
            self._looks[version_id] = {name: (name, *part.looks_at) for name, part in exam.parts.items()}

    def keep(self, version_id: int, answers: Texts, made: MadeMark) -> None:
        self._made.keep(self._key(version_id, made.row.part, answers), made)

    def _key(self, version_id: int, part: str, answers: Texts) -> tuple[Any, ...]:
        looks = self._looks.get(version_id, {}).get(part, (part,))
        return (version_id, part, *map(answers.get, looks))
