"""The exam's glossary: one idea and the ways to write it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glossary:
    """The `terms:` of an exam; phrases name them as `<learning rate>`.

    `Glossary.of({"learning rate": ["learning rate", "lr"]})` holds one term with two expressions.
    A term of one name counts as its own expression: `{"ReLU": ["rectifier"]}` also knows "ReLU".
    """

    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, terms: Mapping[str, Iterable[str]]) -> "Glossary":
        """The glossary of a mapping from names to expressions."""
        return cls(tuple((name, tuple(dict.fromkeys([name, *ways]))) for name, ways in terms.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """The terms in the order of the exam."""
        return tuple(name for name, _ in self.terms)

    def expressions(self, name: str) -> tuple[str, ...]:
        """The ways to write a term, () if there is no such term; capitals and outer spaces do not matter."""
        wanted = " ".join(name.lower().split())
        return next((ways for known, ways in self.terms if " ".join(known.lower().split()) == wanted), ())
