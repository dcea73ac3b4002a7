"""What a text says: words, their spellings and negation, and the phrases that rubric authors look for in it."""

from app.grading.language.corrections import standing, uncorrected
from app.grading.language.glossary import Glossary
from app.grading.language.matching import Match, can_be_near, find, find_in, nearly_in
from app.grading.language.phrase_index import PhraseIndex, Phrases, Places, Search
from app.grading.language.phrases import Phrase, PhraseError, compile_phrase
from app.grading.language.units import ready

__all__ = [
    "Glossary",
    "Match",
    "Phrase",
    "PhraseError",
    "PhraseIndex",
    "Phrases",
    "Places",
    "Search",
    "can_be_near",
    "compile_phrase",
    "find",
    "find_in",
    "nearly_in",
    "ready",
    "standing",
    "uncorrected",
]
