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
    search = phrases.index.search(ready(text).whole if whole else ready(text).by_sentence)
    return [
        (number, match)
        for number in search.numbers
        if (match := find_in(phrases.all[number], search.where(number)))
    ]


def test_a_compound_may_stand_over_the_gap_between_two_sentences() -> None:
    phrases = Phrases([compile_phrase("learningrate & small", TERMS)])
    text = ready("A small learning. Rate it.")

    assert phrases.index.search(text.by_sentence).numbers == []
    assert phrases.index.search(text.whole).numbers == [0]


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
