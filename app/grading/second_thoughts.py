"""Where a person should read a self-correction: it may take back less than the whole statement before it.

"Zero gradient and a minimum. No wait, it is neither" takes back the minimum, not the gradient. What only the statement
taken back says is therefore not settled as missing.
"""

from msgspec.structs import replace

from app.grading.language import uncorrected
from app.grading.types import Criterion, Outcome, Part, Value, Verdict, View, unsure

Verdicts = dict[str, Verdict]


def doubted_by_correction(part: Part, view: View, verdicts: Verdicts) -> Verdicts:
    """The verdicts with those made unsure that would be met if the statement before a correction stood."""
    earlier = _before_corrections(part, view)
    if earlier is None:
        return verdicts
    found = dict(verdicts)
    for criterion in part.criteria:
        if found[criterion.id].outcome is Outcome.NOT_MET and _was_said(criterion, earlier):
            found[criterion.id] = unsure("What is taken back here would have counted.")
    return found


def _was_said(criterion: Criterion, earlier: View) -> bool:
    return (
        criterion.check.words
        and criterion.points.numerator > 0
        and criterion.check.judge(earlier).outcome is Outcome.MET
    )


def _before_corrections(part: Part, view: View) -> View | None:
    """The answer as if its corrections took nothing back; None where there are none, which is nearly always."""
    changed = {}
    for field in part.worded:
        reading = view.own.get(field)
        if isinstance(reading, Value) and (text := uncorrected(reading.value)) != reading.value:
            changed[field] = replace(reading, value=text)
    return View(part.id, {**view.readings, part.id: {**view.own, **changed}}) if changed else None
