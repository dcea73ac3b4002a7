"""Checks of checks: all, any, not, at least n, in this order. Three-valued: an unsure that cannot matter does not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter

from app.grading.types import Check, Judge, Outcome, Verdict, View, met, not_met, unsure


def all_of(checks: Sequence[Check]) -> Check:
    """Met when every check is; the first that is not met settles it."""
    return _check("all", checks, _asked_until(Outcome.NOT_MET, len(checks), checks))


def any_of(checks: Sequence[Check]) -> Check:
    """Met when one check is; the first that is settles it."""
    return _check("any", checks, _asked_until(Outcome.MET, 1, checks))


def _asked_until(settles: Outcome, n: int, checks: Sequence[Check]) -> Judge:
    """Met when n of the checks are. No further one is asked after what settles it, unless every place is to be found."""
    judges = [check.judge for check in checks]

    def judge(view: View) -> Verdict:
        verdicts = []
        for judge_one in judges:
            verdict = judge_one(view)
            if verdict.outcome is settles and not view.thorough:
                return verdict
            verdicts.append(verdict)
        return _count(n, verdicts)

    return judge


def at_least(n: int, checks: Sequence[Check]) -> Check:
    """Met when n of the checks are; not met when too few are left that could be."""
    judges = [check.judge for check in checks]

    def judge(view: View) -> Verdict:
        return _count(n, [judge_one(view) for judge_one in judges])

    return _check("at_least", checks, judge)


def _count(n: int, verdicts: Sequence[Verdict]) -> Verdict:
    certain: list[Verdict] = []
    missing: list[Verdict] = []
    for verdict in verdicts:
        if verdict.outcome is Outcome.MET:
            certain.append(verdict)
        elif verdict.outcome is Outcome.NOT_MET:
            missing.append(verdict)
    if len(certain) >= n:
        return _together(Outcome.MET, certain, certain)
    if len(verdicts) - len(missing) < n:
        if missing and missing.count(missing[0]) == len(verdicts):  # nothing is said of any: in most cases
            return missing[0]
        return _together(Outcome.NOT_MET, missing, verdicts)
    possible = [verdict for verdict in verdicts if verdict.outcome is not Outcome.NOT_MET]
    open_ones = [verdict for verdict in possible if verdict.outcome is Outcome.UNSURE]
    likely = sum([verdict.leans_met for verdict in possible]) >= n
    return _together(Outcome.UNSURE, open_ones, possible, likely=likely)


_SENTENCE, _EVIDENCE = attrgetter("sentence"), attrgetter("evidence")


def _together(
    outcome: Outcome, told: Iterable[Verdict], shown: Iterable[Verdict], *, likely: bool = False
) -> Verdict:
    """One verdict of several: what these tell, each sentence once, and all that those show."""
    sentence = " ".join(filter(None, dict.fromkeys(map(_SENTENCE, told))))
    return Verdict(outcome, sentence, tuple(chain.from_iterable(map(_EVIDENCE, shown))), likely)


def opposite(check: Check) -> Check:
    """Met when the check is not; an unsure stays unsure and leans the other way."""
    judge_one = check.judge

    def judge(view: View) -> Verdict:
        found = judge_one(view)
        if found.outcome is Outcome.UNSURE:
            return unsure(found.sentence, *found.evidence, likely=not found.likely)
        if found.outcome is Outcome.MET:
            return Verdict(Outcome.NOT_MET, "Something speaks against it.", found.evidence)
        return Verdict(Outcome.MET, "", found.evidence) if found.evidence else NOTHING_AGAINST

    return Check("not", check.fields, judge, check.words)


NOTHING_AGAINST = met()


def in_order(checks: Sequence[Check]) -> Check:
    """Met when every check is and their first places in one field come in the order written."""
    judges = [check.judge for check in checks]

    def judge(view: View) -> Verdict:
        thorough = view if view.thorough else view.made_thorough()  # the first place of all counts
        verdicts = [judge_one(thorough) for judge_one in judges]
        found = _count(len(verdicts), verdicts)
        if found.outcome is Outcome.NOT_MET:
            return found
        starts = [_first_start(verdict) for verdict in verdicts]
        known = [start for start in starts if start is not None]
        if len(known) < len(starts):
            return unsure("The order cannot be told.", *found.evidence)
        return found if known == sorted(known) else not_met("The order is another one.", *found.evidence)

    return _check("in_order", checks, judge)


def remembered(check: Check) -> Check:
    """The same check, judged once for an answer: of an idea that several criteria share."""
    if check.remembers:
        return check
    judge_once = check.judge
    thorough = (judge_once, "thorough")

    def judge(view: View) -> Verdict:
        key = thorough if view.thorough else judge_once
        found: Verdict | None = view.known.get(key)
        if found is None:
            found = view.known[key] = judge_once(view)
        return found

    return replace(check, judge=judge, remembers=True)


def _first_start(verdict: Verdict) -> tuple[str, int] | None:
    starts = [(place.field, place.place["start"]) for place in verdict.evidence if "start" in place.place]
    return min(starts, default=None)


def _check(name: str, checks: Sequence[Check], judge: Judge) -> Check:
    """A check of checks: it looks where they look."""
    fields = tuple(dict.fromkeys(field for check in checks for field in check.fields))
    return Check(name, fields, judge, any(check.words for check in checks))
