"""What a word hints at covers all that the slow patterns look for: a sign that is missing here would never be looked at."""

import pytest

from app.grading import doubts
from app.grading.language.signs import CORRECTS, DOUBTS, MEANS, MENDS
from app.grading.language.tokens import signs_in

SIGNS = (
    *doubts._SIGNS_OF_ALTERNATIVES,
    *doubts._SIGNS_OF_DISOWNING,
    *doubts._SIGNS_OF_DENIAL,
    *doubts._SIGNS_OF_HEDGES,
    "this or that",
)


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_of_a_doubt_is_a_hint_of_its_words(sign: str) -> None:
    assert signs_in(f"It is {sign} so") & DOUBTS
    assert signs_in(f"IT IS {sign.upper()} SO") & DOUBTS


@pytest.mark.parametrize(
    "said",
    [
        *("no wait", "wait, actually", "scratch that", "I mean", "oops", "~~noise~~", "nein, doch"),
        *("no, the other way round", "no, the opposite", "nein, umgekehrt", "no, vice versa"),
        *("no, so", "nein, so", "actually no"),
    ],
)
def test_every_correction_is_a_hint_of_its_words(said: str) -> None:
    assert signs_in(f"The mean, {said}, the variance") & (CORRECTS | MEANS)


def test_a_plain_statement_hints_at_nothing_and_a_swapped_word_at_its_mending() -> None:
    assert not signs_in("The gradient vanishes")
    assert signs_in("It does nto help") & MENDS
