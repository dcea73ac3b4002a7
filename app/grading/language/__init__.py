"""What a text says: words, their spellings and negation, and the phrases that rubric authors look for in it."""

from app.grading.language.glossary import Glossary

__all__ = ["Glossary"]
