"""What a text says: words, their spellings and negation, and the phrases that rubric authors look for in it."""

from app.grading.language.corrections import standing
from app.grading.language.glossary import Glossary
from app.grading.language.matching import Match, find, find_first, nearly_first
from app.grading.language.phrase_index import Phrases
from app.grading.language.phrases import Phrase, PhraseError, compile_phrase

__all__ = [
    "Glossary",
    "Match",
    "Phrase",
    "PhraseError",
    "Phrases",
    "compile_phrase",
    "find",
    "find_first",
    "nearly_first",
    "standing",
]
