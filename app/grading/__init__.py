"""The door of the grading core: `mark(part, answers)` is a pure function of a part's rules and an attempt's answers."""

from app.grading.engine import GRADER_VERSION, mark

__all__ = ["GRADER_VERSION", "mark"]
