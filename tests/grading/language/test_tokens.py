"""Tokens of a sentence: their words, and their places in the text."""

import pytest

from app.grading.language.tokens import MOST_TOKENS, sentences


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a  loss of 50 %, or 1 / 5", ["a", "loss", "of", "50 %", ",", "or", "1 / 5"]),
        ("about 4 * 10^3 or 4x 10^3 steps", ["about", "4 * 10^3", "or", "4x 10^3", "steps"]),
        ("3 / layers", ["3", "/", "layers"]),
        ("a\tb\u00a0c", ["a", "b", "c"]),
        ("it doesn't (ever) learn", ["it", "does", "n't", "(", "ever", ")", "learn"]),
    ],
)
def test_tokens_stand_where_they_are_written(text: str, written: list[str]) -> None:
    sentence = sentences(text)[0]

    assert [text[start:end] for start, end in sentence.spans] == written


def test_content_words_have_the_places_of_their_tokens() -> None:
    text = "First. The loss, it doesn't fall!"
    sentence = sentences(text)[1]

    assert sentence.content == ["loss", "not", "fall"]
    assert [text[start:end] for start, end in sentence.content_spans] == ["loss", "n't", "fall"]


def test_of_a_long_sentence_only_so_many_tokens_are_read() -> None:
    sentence = sentences("the x " * MOST_TOKENS)[0]

    assert len(sentence.words) == len(sentence.spans) == MOST_TOKENS
    assert len(sentence.content) == len(sentence.content_spans) == MOST_TOKENS // 2
