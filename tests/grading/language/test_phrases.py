"""What phrases find in sentences, by cases; and that no phrase and no text can do harm."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.grading.language import Glossary, PhraseError, compile_phrase, find, standing
from app.grading.language.spelling import stem

GLOSSARY = Glossary.of({"learning rate": ["learning rate", "lr", "step size", "alpha", "α"]})


def _cases() -> list[Any]:
    groups = yaml.safe_load((Path(__file__).parent / "cases" / "phrases.yaml").read_text(encoding="utf-8"))
    return [
        pytest.param(group["phrase"], case, id=f"{group['phrase']}: {case['why']}")
        for group in groups
        for case in group["cases"]
    ]


@pytest.mark.parametrize(("phrase", "case"), _cases())
def test_a_phrase_is_found_where_it_is_said(phrase: str, case: dict[str, Any]) -> None:
    match = find(compile_phrase(phrase, GLOSSARY), case["answer"])

    assert (match is not None) is case["found"]


@pytest.mark.parametrize(
    ("phrase", "named"),
    [
        ("gradient (zero | flat", "bracket"),
        ("<momentum>", "momentum"),
        ("random &", "nothing to look for"),
        ("#many", "number"),
        ("gradient) zero", "does not belong"),
        ("", "nothing to look for"),
        ("(" + " ".join(["<learning rate>"] * 5) + ")", "ways to say this"),
    ],
)
def test_a_faulty_phrase_is_refused_with_its_fault_named(phrase: str, named: str) -> None:
    with pytest.raises(PhraseError, match=named):
        compile_phrase(phrase, GLOSSARY)


def test_the_words_that_count_are_named_by_their_place() -> None:
    text = "Hm: the Gradient, of course, is zero."

    match = find(compile_phrase("gradient zero", GLOSSARY), text)

    assert match is not None
    assert [text[start:end] for start, end in match.spans] == ["Gradient", "zero"]


def test_a_corrected_statement_counts_by_its_last_version() -> None:
    assert standing("It is the mean. No wait, the variance.").split() == ["the", "variance."]


@pytest.mark.parametrize(
    "text", ["The loss doesn't fall.", "THE LOSS DOESN'T FALL.", "The loss doesn’t fall."]
)
def test_a_denial_is_one_however_its_letters_look(text: str) -> None:
    assert find(compile_phrase("not fall", GLOSSARY), text) is not None
    assert find(compile_phrase("fall", GLOSSARY), text) is None


def test_struck_out_words_do_not_count_and_places_stay() -> None:
    text = "~~dropout~~ noise"

    assert standing(text).index("noise") == text.index("noise")
    assert "dropout" not in standing(text)


def test_a_copy_of_the_question_is_no_answer() -> None:
    prompt = "Why is computing the gradient over the full batch often not practical at all?"

    assert not standing("computing the gradient over the full batch often not practical", prompt).strip()


def test_stems_do_not_mix_when_many_threads_ask() -> None:
    words = [
        f"{word}{letter}ing"
        for word in ("compar", "vanish", "normaliz", "convolv")
        for letter in "abcdefghij"
    ]
    expected = {word: stem(word) for word in words}
    stem.cache_clear()
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(word for word in words * 3 if stem(word) != expected[word])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    phrase = compile_phrase("not (gradient | <learning rate>) (zero | vanish*) #", GLOSSARY)

    find(phrase, standing(text, "a question"))


@pytest.mark.parametrize(
    "unit", ["gradient zero ", "not ", "a", "no wait, ", "1/", "((", "grad-", "~~x", "\n- "]
)
def test_a_very_long_text_is_read_in_bounded_time(unit: str) -> None:
    phrase = compile_phrase("not (gradient | step) (zero | flat | vanish*) small & loss > rate", GLOSSARY)
    text = unit * (20_000 // len(unit))
    begin = time.perf_counter()

    find(phrase, standing(text))

    assert time.perf_counter() - begin < 10


@pytest.mark.parametrize(
    "said",
    (
        "no wait|No, wait|wait, no|wait actually|scratch that|Strike that|I mean|Oops|nein, doch|Quatsch"
        "|sorry,|no, SORRY,|Correction:|waıt, no|No, WAİT|ſorry,|ſcratch that|ſtri\u212ae that"
    ).split("|"),
)
def test_every_correction_takes_back_what_stands_before_it(said: str) -> None:
    assert standing(f"The mean {said} the variance").split() == ["the", "variance"]


@pytest.mark.parametrize(
    "said", ["no, the other way round", "no the opposite", "no, the reverse", "nein, umgekehrt"]
)
def test_a_turn_within_a_sentence_takes_back_what_it_replaces(said: str) -> None:
    assert standing(f"Train on one, {said}: on four").split() == ["Train", "on", "four"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Deconvolution, no: transposed convolution", "transposed convolution"),
        ("Train on one, no, on four, then average", "Train on four, then average"),
        ("bias towards dogs, no, sorry, towards cats", "bias towards cats"),
        ("BatchNorm3d, no, 2d", "2d"),
        ("sigmoid ... nein, ReLU", "ReLU"),
        ("It is the mean. Actually no, the variance", "no, the variance"),
        ("No, it is secret. Hm, actually yes, by the mean", "yes, by the mean"),
        ("train on one and validate on four - wrong way around: train on four", "train on four"),
        ("It depends on all before - no! on the last", "It depends on the last"),
        ("It takes gradients, wrong: takes the input", "It takes the input"),
        ("It depends on all before, wrong, only on the last", "It depends only on the last"),
        ("Newton approximates, no, BFGS approximates", "BFGS approximates"),
        ("0, no, it's 1 because it is flat", "it's 1 because it is flat"),
        ("no, it is secret... hmm yes, by the mean", "yes, by the mean"),
        ("He is wrong: more data does not help", "He is wrong: more data does not help"),
        ("It vanishes, no, it does not explode", "It vanishes, no, it does not explode"),
        ("By the mean of the set - no, the tests are not", "By the mean of the set - no, the tests are not"),
        ("By the mean. Actually, no more is needed", "By the mean. Actually, no more is needed"),
        ("Yes, by the mean. Hm, yes, that is it", "Yes, by the mean. Hm, yes, that is it"),
        ("few dogs - wrong, predictions for them", "few dogs - wrong, predictions for them"),
        ("It returns the mean, sorry, the variance", "It returns the variance"),
        ("Yes, with its own mean, no, with that of train", "Yes, with that of train"),
        ("It returns x ... no, the other way round: it takes x", "it takes x"),
        ("It shrinks. No, the other way round: it grows", "it grows"),
        ("Random first, hmm no, grid first", "grid first"),
        ("No, no, never", "No, no, never"),
        ("In this case, no, since the loss is high", "In this case, no, since the loss is high"),
        ("It fits badly, no, more data does not help", "It fits badly, no, more data does not help"),
    ],
)
def test_a_no_before_other_words_takes_back_what_they_replace(text: str, left: str) -> None:
    assert " ".join(standing(text).split()) == left


@pytest.mark.parametrize(
    "said", ["no, only on one", "no wait, on one", "nein, nur on one", "no, wait, just on one"]
)
def test_what_replaces_words_may_be_said_to_be_all(said: str) -> None:
    stands = standing(f"The next of them depends on all, {said}.").split()
    assert [
        word for word in stands if word not in {"only", "nur", "just"}
    ] == "The next of them depends on one.".split()


def test_a_correction_that_begins_with_a_preposition_takes_back_what_stands_there() -> None:
    assert standing("The roots of A, no, of B: below 1").split() == ["The", "roots", "of", "B:", "below", "1"]


def test_a_turn_as_an_answer_takes_nothing_back() -> None:
    for text in ("It is small. No, the opposite is true", "It is actually no use, the loss is flat"):
        assert standing(text) == text


def test_an_apology_takes_nothing_back() -> None:
    text = "The variance. Sorry, I ran out of time. The mean is sorry, my pen broke"

    assert standing(text) == text


def test_a_correction_by_the_opposite_takes_back_what_it_is_the_opposite_of() -> None:
    stands = standing("They are all drawn from the same, no, different laws").split()
    assert stands == "They are all drawn from the different laws".split()
