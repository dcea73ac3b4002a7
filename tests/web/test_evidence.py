"""Which places of an answer are marked on the result page, and as what."""

from typing import Any

from app.web.evidence import marks_where, places_in, tone_of


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
