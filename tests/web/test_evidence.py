"""Which places of an answer are marked on the result page, and as what."""

from typing import Any

from app.web.evidence import Mark, Place, marks_where, places_in, segments, tone_of
from app.web.previews import formulas_in


def criterion(name: str, verdict: str, points: str, node: str) -> dict[str, Any]:
    evidence = [{"field": "graph", "node": node, "rule": "graph", "sentence": "There is no arrow."}]
    return {"id": name, "verdict": verdict, "points": points, "evidence": evidence}


def test_a_way_that_was_not_taken_marks_nothing_in_the_answer() -> None:
    criteria = [criterion("right", "met", "1", "n1"), criterion("reversed", "not met", "1/2", "n2")]

    places = places_in(criteria, "graph", idle={"reversed"})

    assert [mark.number for mark in marks_where(places, node="n1")] == [1]
    assert marks_where(places, node="n2") == ()


def test_a_deduction_that_applies_looks_like_bad_news() -> None:
    assert tone_of(criterion("inexact", "met", "-1/2", "n1")) == "not met"
    assert tone_of(criterion("inexact", "not met", "-1/2", "n1")) == "met"
    assert tone_of(criterion("inexact", "unsure", "-1/2", "n1")) == "unsure"
    assert tone_of(criterion("right", "met", "1", "n1")) == "met"


def in_text(text: str, piece: str, number: int) -> Place:
    """Evidence that is just this piece of the text."""
    start = text.index(piece)
    return Place({"field": "text", "start": start, "end": start + len(piece)}, Mark(number, "met"))


def test_evidence_within_a_formula_marks_all_of_the_formula() -> None:
    text = r"The factor $\theta_c^{t-1}$ grows."
    places = [in_text(text, r"\theta", 1), in_text(text, "t-1", 2)]

    before, formula, after = segments(text, places, formulas_in(text))

    assert (before.text, before.marks, before.formula) == ("The factor ", (), None)
    assert (formula.marks, formula.ends) == ((Mark(1, "met"), Mark(2, "met")),) * 2
    assert "<math" in str(formula.formula)
    assert (after.text, after.marks) == (" grows.", ())


def test_evidence_that_ends_within_a_formula_goes_to_its_end() -> None:
    text = "it is $a^2$, so large"

    pieces = segments(text, [in_text(text, "is $a", 1)], formulas_in(text))

    assert [(one.text, bool(one.marks)) for one in pieces] == [
        ("it ", False),
        ("is ", True),
        ("$a^2$", True),
        (", so large", False),
    ]


def test_what_cannot_be_shown_as_a_formula_is_marked_as_text() -> None:
    text = r"costs $\nosuchcommand b$"

    pieces = segments(text, [in_text(text, "b", 1)], formulas_in(text))

    assert [one.text for one in pieces if one.marks] == ["b"]
    assert {one.formula for one in pieces} == {None}
