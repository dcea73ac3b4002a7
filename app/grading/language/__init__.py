"""What a text says: words, their spellings and negation, and the phrases that rubric authors look for in it."""

from app.grading.language.corrections import standing
from app.grading.language.glossary import Glossary
from app.grading.language.matching import Match, find, find_in, nearly_in
from app.grading.language.phrase_index import PhraseIndex, Phrases
from app.grading.language.phrases import Phrase, PhraseError, compile_phrase
from app.grading.language.units import ReadyText, Units, ready

__all__ = [
    "Glossary",
    "Match",
    "Phrase",
    "PhraseError",
    "PhraseIndex",
    "Phrases",
    "ReadyText",
    "Units",
    "compile_phrase",
    "find",
    "find_in",
    "nearly_in",
    "ready",
    "standing",
]
