"""Texts on which every rule has spoken and that a person reads all the same."""

from fractions import Fraction
from typing import Any

import pytest
import yaml

from app.exams.loader import read_exam
from app.grading.types import PartMark

EXAM = """
format: 1
exam: doubts
title: Doubts
minutes: 10
points: 1
problems:
  - id: "1"
    title: Saddle points
    points: 1
    parts:
      - id: 1a
        points: 1
        prompt: What is a saddle point, and how does stochastic gradient descent get away from it in practice?
        fields: {text: {kind: text, list: LISTED}}
        solution: The gradient is zero and it is no extremum; noise moves it on.
        model_answer: {text: "The gradient is zero there; the noise of the batches moves it on."}
        marking:
          - {id: zero, points: 0.5, for: The gradient is zero., check: {says: [gradient (zero | 0)]}}
          - {id: noise, points: 0.5, for: Noise moves it on., check: {says: [noise]}}
"""


def marked(text: str, *, listed: bool = False) -> PartMark:
    exam = read_exam(EXAM.replace("LISTED", "true" if listed else "false"))
    return exam.mark({"1a": {"text": text}})["1a"]


ROWS: list[dict[str, Any]] = yaml.safe_load("""
- {text: "The gradient is zero, noise helps.", low: 1, points: 1, high: 1, why: stated without a hedge}
- {text: "I think the gradient is zero. Noise moves it on.", low: 1, points: 1, high: 1, why: one polite "I think" is no hedge}
- {text: "Maybe the gradient is zero and perhaps noise helps?", low: 0, points: 1, high: 1, why: hedged all over}
- {text: "I think the gradient is maybe zero. Noise moves it on.", low: 1, points: 1, high: 1, why: hedged twice and yet given as the answer}
- {text: "Maybe the gradient is zero. Perhaps noise helps.", low: 1, points: 1, high: 1, why: each statement hedged once}
- {text: "Either the gradient is zero or the loss is, and noise helps.", low: 0, points: 1, high: 1, why: two answers for one}
- {text: "The gradient is zero. Perhaps noise helps, or the momentum.", low: 0.5, points: 1, high: 1, why: only what is said in the sentence with alternatives is doubted}
- {text: "The gradient is zero. Noise helps. Or perhaps the momentum.", low: 0.5, points: 1, high: 1, why: an alternative in a sentence of its own to the one before}
- {text: "The gradient is zero. Noise helps, not sure.", low: 0.5, points: 1, high: 1, why: unsure of one of two statements}
- {text: "Not sure. The gradient is zero and noise helps.", low: 0, points: 1, high: 1, why: unsure of all}
- {text: "Could be that the gradient is zero or one? Noise helps.", low: 0.5, points: 1, high: 1, why: a question with two answers}
- {text: "The gradient is zero. Noise helps, which might come from the batch or the rate.", low: 0.5, points: 1, high: 1, why: this or that}
- {text: "The gradient is zero. Noise helps; nobody can say which, it might come from the batch or the rate.", low: 1, points: 1, high: 1, why: that it cannot be decided is the statement}
- {text: "The gradient is zero at this minimum. No wait, it is none. Noise helps.", low: 0.5, points: 0.5, high: 1, why: a correction may take back less than the statement before it}
- {text: "The loss is zero. No wait, the gradient is zero; noise helps.", low: 1, points: 1, high: 1, why: a correction that says what is meant}
- {text: "The gradient is zero. Noise helps. No wait, it does not.", low: 0.5, points: 0.5, high: 1, why: what is taken back entirely is read too}
- {text: "It is false that the gradient is zero. Noise helps.", low: 0.5, points: 0.5, high: 1, why: only what is called false is doubted}
- {text: "The gradient is zero, noise helps. This is all wrong.", low: 0, points: 0, high: 1, why: the whole answer is taken back}
- {text: "The following is wrong - the gradient is zero, noise helps.", low: 0, points: 0, high: 1, why: called wrong beforehand}
- {text: "My friend claims, and I disagree, that the gradient is zero and noise helps.", low: 0, points: 0, high: 1, why: somebody else's claim}
- {text: "Is it that the gradient is zero? Noise helps.", low: 0.5, points: 0.5, high: 1, why: only asked}
- {text: "SGD is not wrong there: the gradient is zero, noise helps.", low: 1, points: 1, high: 1, why: something else is said to be right}
- {text: "gradient zero, hessian, noise, optimum, loss", low: 0, points: 0, high: 1, why: a bare list of terms}
- {text: "gradient zero, no optimum, noise, 2nd order, ridge, loss", low: 0, points: 0, high: 1, why: figures and a "no" among the terms state nothing either}
- {text: "gradient zero, noise > ridge -> it leaves, loss = 0, then slow, then fast", low: 1, points: 1, high: 1, why: relations state something}
- {text: "gradient zero, hessian, noise, optimum, loss, ridge", low: 0, points: 0, high: 0, why: a long bare list of terms}
- {text: "gradient of the whole loss zero there, hessian with both signs at once, noise of many small batches, escape along the steepest slope, much later than elsewhere", low: 1, points: 1, high: 1, why: too many words between the commas for a list of terms}
- {text: "definition: gradient zero, hessian, noise, optimum, loss, ridge", low: 0, points: 0, high: 1, why: a long list with a word that joins its terms}
- {text: "point: gradient zero, flat, sgd: noise, batch", low: 1, points: 1, high: 1, why: notes that say what is what}
- {text: "gradient zero, not an optimum, noise, escape", low: 1, points: 1, high: 1, why: a list that denies something states something}
- {text: "the gradient is zero, hessian/noise, optimum", low: 1, points: 1, high: 1, why: a verb states something}
- {text: "gradient = 0, hessian, noise, optimum, loss", low: 1, points: 1, high: 1, why: an equation states something}
- {text: "Gradient zero. The different batches shake the parameters so that they roll down again.", low: 0.5, points: 0.5, high: 1, why: a long sentence that no rule knows}
- {text: "Gradient zero. It jumps.", low: 0.5, points: 0.5, high: 0.5, why: a short unknown sentence settles}
- {text: "What is a saddle point, and how does stochastic gradient descent get away from it in practice?", low: 0, points: 0, high: 0, why: the question copied says nothing}
""")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_a_text_is_settled_only_if_it_says_so(row: dict[str, Any]) -> None:
    found = marked(row["text"])

    assert [found.low, found.points, found.high] == [
        Fraction(str(row[key])) for key in ("low", "points", "high")
    ]


HEDGES = (
    "maybe|perhaps|possibly|probably|might|presumably|unsure|somehow|vielleicht|wahrscheinlich|either|PERHAPS|mıght|poſſibly"
    "|I guess|I suppose|I think|I believe|not so sure|not really sure|no idea|could be|something like"
)
ALTERNATIVES = (
    "either on a ridge or|or maybe|or is it|OR perhaps|one of those|not sure|oNe of both|? or|? Oder|not ſure"
)


@pytest.mark.parametrize("hedge", HEDGES.split("|"))
def test_three_hedges_in_a_sentence_are_a_doubt(hedge: str) -> None:
    assert marked(f"It {hedge} has a gradient that {hedge} is zero, {hedge} with noise").low == 0


@pytest.mark.parametrize("offered", ALTERNATIVES.split("|"))
def test_what_is_offered_beside_something_else_is_a_doubt(offered: str) -> None:
    assert marked(f"The gradient is zero {offered} the noise is").low < 1


def test_a_list_is_an_answer_where_one_is_asked_for() -> None:
    assert marked("gradient zero, hessian, noise, optimum, loss", listed=True).low == 1


def test_this_or_that_are_two_entries_where_a_list_is_asked_for() -> None:
    text = "The gradient is zero. Perhaps noise helps, or the momentum."

    assert marked(text, listed=True).low == 1
    assert marked(text, listed=False).low == Fraction(1, 2)


def test_the_sentence_that_no_rule_knows_is_shown() -> None:
    text = "Gradient zero. The different batches shake the parameters so that they roll down again."
    noise = marked(text).criteria[1].verdict

    (place,) = noise.evidence
    assert text[place.place["start"] : place.place["end"]].startswith("The different batches")


def test_a_sentence_that_one_of_several_checks_knows_as_something_else_settles() -> None:
    rule = "{any: [{says: {any: [noise], other: [roll down]}}, {says: [stochastic]}]}"
    exam = read_exam(EXAM.replace("LISTED", "false").replace("{says: [noise]}", rule))
    text = "Gradient zero. The parameters always roll down the steepest slope until everything is flat."

    found = exam.mark({"1a": {"text": text}})["1a"]

    assert [found.low, found.high] == [Fraction("0.5"), Fraction("0.5")]


FORMULA = """
format: 1
exam: formulas
title: Formulas
minutes: 10
points: 1
problems:
  - id: "1"
    title: A step
    points: 1
    parts:
      - id: 1a
        points: 1
        prompt: Write down the step.
        fields: {step: {kind: math}}
        solution: $w = w - a g$
        model_answer: {step: "w = w - a g"}
        marking:
          - {id: step, points: 1, for: The step., check: {shape: {is: "w_{k+1} = w_k - a g", names: [w, a, g]}}}
"""


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("w = w - a g", 1),
        ("w = w - a g, no, w = w + a g", 0),
        ("w = w + a g no wait w = w - a g", 0),
        ("w = w - a g or w = w + a g", 0),
        ("w = w - a g or w = w + a g?", 0),
    ],
)
def test_a_second_formula_beside_the_first_is_a_doubt(text: str, low: int) -> None:
    assert read_exam(FORMULA).mark({"1a": {"step": text}})["1a"].low == low
