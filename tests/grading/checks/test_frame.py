"""What stands around every check."""

from dataclasses import dataclass

from app.grading.checks.frame import CheckKind, Setting, compile_check
from app.grading.fields.text import Text
from app.grading.types import BLANK, Outcome, Value, Verdict, View, met


@dataclass(frozen=True)
class Any:
    """A rule that every text meets."""

    field: str | None = None


def test_a_check_is_judged_once_for_an_answer_and_anew_for_another_reading_of_it() -> None:
    asked: list[View] = []

    def judge(_rule: Any, view: View) -> Verdict:
        asked.append(view)
        return met()

    check = compile_check("any", CheckKind(Any, judge, ("text",)), Any(), Setting("1a", {"text": Text()}))
    view = View("1a", {"1a": {"text": Value("noise")}})

    assert check.judge(view) is check.judge(view) is check.judge(view.made_thorough())
    assert check.judge(view.with_reading("text", BLANK)).outcome is Outcome.NOT_MET
    assert check.judge(view.with_reading("text", Value("rain"))).outcome is Outcome.MET
    assert len(asked) == 2
