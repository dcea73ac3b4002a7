"""Asking the checks of a part about an answer."""

from app.grading.types import Judge, Part, Verdict, View, unsure


def judged(part: Part, view: View) -> dict[str, Verdict]:
    """The verdict of every criterion, by its id."""
    try:
        return {criterion.id: criterion.check.judge(view) for criterion in part.criteria}
    except Exception:  # noqa: BLE001  (then each is asked on its own)
        return {criterion.id: judge_safely(criterion.check.judge, view) for criterion in part.criteria}


def judge_safely(judge: Judge, view: View) -> Verdict:
    """A check must not raise; if one does all the same, a person looks."""
    try:
        return judge(view)
    except Exception as fault:  # noqa: BLE001  (whatever went wrong, the answer is not lost and not wrong)
        return unsure(f"The check could not finish ({type(fault).__name__}).")
