"""The index of a list of phrases leaves out none that is said."""

from app.grading.language import Glossary, Phrases, compile_phrase, find, find_first

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
            assert list(find_first(phrases, text, whole=whole)) == alone
    assert sum(len(list(find_first(phrases, text))) for text in TEXTS) >= len(SOURCES) - 1
