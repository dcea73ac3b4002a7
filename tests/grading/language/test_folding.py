"""Folded text: whatever a pattern that ignores case finds in a text must be in the folded text, or it is never looked for."""

import re
import string
import sys

import pytest

from app.grading.language.folding import folded


@pytest.mark.parametrize("letter", string.ascii_lowercase)
def test_every_letter_that_a_pattern_takes_for_an_ascii_one_is_folded_to_it(letter: str) -> None:
    pattern = re.compile(letter, re.IGNORECASE)
    alike = [chr(code) for code in range(sys.maxunicode + 1) if pattern.match(chr(code))]

    assert {folded(one) for one in alike} == {letter}


def test_a_word_stays_a_word_beside_any_sign() -> None:
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    missed = [
        one
        for one in signs
        if re.search(r"\bor\b", one + "or") and not re.search(r"\bor\b", folded(one + "or"))
    ]

    assert missed == []
