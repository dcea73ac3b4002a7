"""The index of a list of phrases leaves out none that is said."""

from app.grading.language import (
    Glossary,
    Match,
    PhraseIndex,
    Phrases,
    compile_phrase,
    find,
    find_in,
    ready,
)

TERMS = Glossary.of({"learning rate": ["lr", "step size"]})
SOURCES = [
    "not <learning rate>", "(gradient | derivative) (zero | vanish*)", "#5 epochs", "random > grid", "day & night",
    "~relu", "=SGD", "mean .. train", "overfit* | more data",
]  # fmt: skip
TEXTS = [
    "No lr is needed. The gradeint vanishes after 5 epochs.",
    "First random, then grid search; day images and night images.",
    "ReLU is not used, SGD is; the training mean.",
    "It overfits, so more data.",
    "learningrate",
    "",
]


def test_a_list_finds_what_each_of_its_phrases_finds() -> None:
    phrases = Phrases(compile_phrase(source, TERMS) for source in SOURCES)

    for text in TEXTS:
        for whole in (False, True):
            alone = [
                (at, match) for at, one in enumerate(phrases.all) if (match := find(one, text, whole=whole))
            ]
            assert _found(phrases, text, whole=whole) == alone
    assert sum(len(_found(phrases, text)) for text in TEXTS) >= len(SOURCES) - 1


def _found(phrases: Phrases, text: str, *, whole: bool = False) -> list[tuple[int, Match]]:
    search = phrases.index.search(ready(text).by_sentence)
    if whole:
        search = search.together(ready(text).whole)
    return [
        (number, match)
        for number in search.numbers
        if (match := find_in(phrases.all[number], search.where(number)))
    ]


def test_words_of_several_sentences_are_together_in_the_whole() -> None:
    phrases = Phrases([compile_phrase("learningrate & small", TERMS)])
    text = "Choose it small. The learning rate, I mean. Not the batch."

    assert _found(phrases, text) == []
    ((_, match),) = _found(phrases, text, whole=True)
    assert [text[start:end] for start, end in match.spans] == ["small", "learning", "rate"]


def test_no_compound_stands_over_the_end_of_a_sentence() -> None:
    phrases = Phrases([compile_phrase("learningrate & small", TERMS)])

    assert _found(phrases, "A small learning. Rate it.", whole=True) == []


def test_words_that_do_not_follow_are_no_wording() -> None:
    phrases = Phrases([compile_phrase("(more data | more training images)", TERMS)])

    assert _found(phrases, "More training data.") == []
    assert [number for number, _ in _found(phrases, "More training images.")] == [0]


def test_lists_that_share_an_index_are_kept_apart() -> None:
    index = PhraseIndex()
    first = Phrases([compile_phrase("gradient", TERMS), compile_phrase("noise", TERMS)], index)
    second = Phrases([compile_phrase("noise", TERMS), compile_phrase("sun", TERMS)], index)

    search = index.search(ready("The noise of the gradient.").by_sentence)

    assert search.numbers == [0, 1, 2]
    assert (first.numbers, second.numbers) == (range(2), range(2, 4))
