"""What is known of words is worked out once, and takes no more room than it may."""

from app.grading.language.word_memory import LONGEST_WORD, WordMemory


def test_a_word_is_worked_out_once() -> None:
    asked: list[str] = []
    lengths = WordMemory(lambda word: asked.append(word) or len(word))

    assert [lengths[word] for word in ("loss", "mean", "loss")] == [4, 4, 4]
    assert asked == ["loss", "mean"]


def test_a_full_memory_begins_anew_and_long_words_are_never_kept() -> None:
    lengths = WordMemory(len, most=2)

    for word in ("a", "bb", "ccc", "d" * (LONGEST_WORD + 1)):
        assert lengths[word] == len(word)

    assert set(lengths) == {"ccc"}
