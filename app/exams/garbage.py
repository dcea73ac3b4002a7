"""What is loaded stays out of the search for garbage: exams are many thousand objects that live as long as the process."""

import gc

from app.exams.large_pages import use_large_pages

NEW_OBJECTS = 20_000  # before the newest are looked through; marking an attempt makes fewer that stay
GENERATIONS = (20, 50)


def settle_memory() -> None:
    """What is there now stays: looking through it again and again costs a busy process a tenth of its time."""
    gc.collect()
    use_large_pages()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *GENERATIONS)
