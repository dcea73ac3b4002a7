"""What late answers would get if they counted, for those who decide about them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.exams.loader import Exam
from app.services import marks
from app.services.remembered import RememberedMarks


@dataclass(frozen=True, slots=True)
class Outlook:
    """Credits of a part if an answer counted: at least, and at most after review.

    `others` are the parts that would be marked differently too, because they are judged by this one.
    """

    low: Fraction
    high: Fraction
    others: tuple[str, ...]


class Outlooks:
    """What the answers of a closed attempt would get in the place of the stored ones. Nothing is changed.

    Marking stops after `seconds`: staff waits for this page. From then on there is no outlook.
    """

    def __init__(
        self,
        exam: Exam,
        version_id: int,
        stored: Mapping[str, str],
        remembered: RememberedMarks,
        seconds: float,
    ) -> None:
        self._exam = exam
        self._version_id = version_id
        self._stored = stored
        self._remembered = remembered
        self._until = time.monotonic() + seconds
        self._as_stored = self._points(stored)

    def of(self, part: str, answer: str | None) -> Outlook | None:
        """With this answer to a part; None as the answer stands for none."""
        if time.monotonic() > self._until:
            return None
        others = {name: text for name, text in self._stored.items() if name != part}
        answers = others if answer is None else {**others, part: answer}
        points = self._points(answers)
        changed = [name for name, those in points.items() if those != self._as_stored[name]]
        low, high = (Fraction(halves, 2) for halves in points[part])
        return Outlook(low, high, tuple(name for name in changed if name != part))

    def _points(self, answers: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """Between which half credits each part lies."""
        made = marks.mark_answers(self._exam, self._version_id, answers, self._remembered)
        return {one.row.part: (one.row.low, one.row.high) for one in made}
