"""Checks of checks: all, any, not, at least n, in this order. Three-valued: an unsure that cannot matter does not."""

from collections.abc import Sequence

from app.grading.types import Check, Evidence, Outcome, Verdict, View, met, not_met, unsure


def all_of(checks: Sequence[Check]) -> Check:
    """Met when every check is; one that is not met settles it."""
    return at_least(len(checks), checks, name="all")


def any_of(checks: Sequence[Check]) -> Check:
    """Met when one check is, whatever the others."""
    return at_least(1, checks, name="any")


def at_least(n: int, checks: Sequence[Check], name: str = "at_least") -> Check:
    """Met when n of the checks are; not met when too few are left that could be."""

    def judge(view: View) -> Verdict:
        return _count(n, [check.judge(view) for check in checks])

    return Check(name, _fields(checks), judge, any(check.words for check in checks))


def _count(n: int, verdicts: Sequence[Verdict]) -> Verdict:
    certain = [verdict for verdict in verdicts if verdict.outcome is Outcome.MET]
    if len(certain) >= n:
        return Verdict(Outcome.MET, _sentence(certain), _evidence(certain))
    possible = [verdict for verdict in verdicts if verdict.outcome is not Outcome.NOT_MET]
    if len(possible) < n:
        missing = [verdict for verdict in verdicts if verdict.outcome is Outcome.NOT_MET]
        return Verdict(Outcome.NOT_MET, _sentence(missing), _evidence(verdicts))
    likely = sum([verdict.leans_met for verdict in verdicts]) >= n
    open_ones = [verdict for verdict in possible if verdict.outcome is Outcome.UNSURE]
    return Verdict(Outcome.UNSURE, _sentence(open_ones), _evidence(possible), likely)


def opposite(check: Check) -> Check:
    """Met when the check is not; an unsure stays unsure and leans the other way."""

    def judge(view: View) -> Verdict:
        found = check.judge(view)
        if found.outcome is Outcome.UNSURE:
            return unsure(found.sentence, *found.evidence, likely=not found.likely)
        if found.outcome is Outcome.MET:
            return not_met("Something speaks against it.", *found.evidence)
        return met("", *found.evidence)

    return Check("not", check.fields, judge, check.words)


def in_order(checks: Sequence[Check]) -> Check:
    """Met when every check is and their first places in one field come in the order written."""
    together = all_of(checks)

    def judge(view: View) -> Verdict:
        found = together.judge(view)
        if found.outcome is Outcome.NOT_MET:
            return found
        starts = [_first_start(check.judge(view)) for check in checks]
        known = [start for start in starts if start is not None]
        if len(known) < len(starts):
            return unsure("The order cannot be told.", *found.evidence)
        return found if known == sorted(known) else not_met("The order is another one.", *found.evidence)

    return Check("in_order", _fields(checks), judge, any(check.words for check in checks))


def _first_start(verdict: Verdict) -> tuple[str, int] | None:
    starts = [(place.field, place.place["start"]) for place in verdict.evidence if "start" in place.place]
    return min(starts, default=None)


def _fields(checks: Sequence[Check]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for check in checks for name in check.fields))


def _sentence(verdicts: Sequence[Verdict]) -> str:
    if len(verdicts) == 1:
        return verdicts[0].sentence
    return " ".join(dict.fromkeys([verdict.sentence for verdict in verdicts if verdict.sentence]))


def _evidence(verdicts: Sequence[Verdict]) -> tuple[Evidence, ...]:
    return tuple([place for verdict in verdicts for place in verdict.evidence])
