"""The check `stance`: does the text say yes or no? Both ways is neither."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.grading.checks.frame import CheckKind, Setting
from app.grading.checks.says import compile_all, evidence_of, first_match
from app.grading.checks.written import Source, Written, sources_of, texts_of
from app.grading.language import Phrases
from app.grading.language.folding import folded
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure

Side = Literal["yes", "no"]

PARTICLE = "yes or no"  # the rule of evidence that is the word itself

_ANSWERS = r"(?:i\s+(?:think|guess|believe|suppose),?\s+)?(?:yes|no|nope|yep|ja|nein|absolutely|definitely|certainly|surely|hardly|not\s+at\s+all|i\s+(?:would|do)(?:\s+not|n['’]?t)(?:\s+do\s+(?:that|this|so|it))?)(?=\s*+(?:[.,;:!–-]|$)|\s+(?:because|since|as|bc|weil|da|it|the|this|that|i|we|he|my)\b|\s+\(?[b-h]\))"
_PARTICLE = re.compile(
    rf"""(?:^(?:\s*+\(?\w{{1,3}}\)\s*(?=(?:(?:clearly|definitely|certainly|surely|i\s+(?:think|guess|believe|suppose|would\s+say)),?\s+)?{_ANSWERS})|\s*+(?:in|for|at|under|given)\b[^.,;:!?\n]{{1,40}},\s*(?={_ANSWERS}))?
    |(?<=\s)\(?[b-h]\)\s*(?={_ANSWERS})
    |[.;\n:(?!]|[-*•–]\s(?:(?:sorry|hm+),?\s)?|,(?=\s*(?:(?:so|hence|thus|therefore)\s+)?(?:yes|no|ja|nein)\W*$)
    |,(?=\s*(?:but|aber|so|hence|thus|therefore)\s+(?:yes|no|ja|nein)\s*(?:[.,;:!]|$)))\s*+\W{{0,3}}
    (?:(?:(?:so|well|basically|actually|overall|honestly|generally|in\s+(?:general|short|principle|theory|practice))[,:]?\s+){{1,3}}(?={_ANSWERS}))?
    (?:(?:i\s+(?:think|guess|believe|suppose)|i(?:'|’)d\s+say|i\s+would\s+say|probably|maybe|perhaps|so|therefore|hence|thus|not\s+sure,?\s+probably
      |clearly|definitely|certainly|surely|rather|but|aber|answer)[,:]?\s+)?
    (?P<word>yes|yeah|yep|yup|ja|no|nope|nein|nah|(?:certainly|absolutely|definitely|surely|clearly|obviously|of\s+course|probably|rather)\s+not|in\s+no\s+case|under\s+no\s+circumstances|auf\s+keinen\s+fall|not\s+at\s+all|by\s+no\s+means|keineswegs
      |i\s+(?:would|do)(?:\s+not|n['’]?t)(?:\s+do\s+(?:that|this|so|it))?(?=\s*(?:[.,;:!]|$))
      |(?:hardly|of\s+course|absolutely|definitely|certainly|indeed|sure|surely|naturally)(?=\s*(?:[.,;!]|$)))\b(?!\s(?:idea|clue|doubt|wonder|matter|problem|longer)\b)""",
    re.IGNORECASE | re.VERBOSE,
)  # a yes or no that opens a sentence, after a label ("a) no"), a lead ("in that case, no, …") or such words as "so basically"
_BOTH = re.compile(
    r"\b(yes\s+and\s+no|no\s+and\s+yes|jein|yes\s*/?\s*no|both\s+yes\s+and\s+no|partly\s+yes|yes\s+or\s+no)\b",
    re.IGNORECASE,
)
_YES = frozenset(
    "yes|yeah|yep|yup|ja|of course|absolutely|definitely|certainly|indeed|sure|surely|naturally".split("|")
)


@dataclass(frozen=True, slots=True)
class Stance:
    """The text takes this side: `stance: {is: "no", "no": [not agree], "yes": [agree]}`.

    A yes or no that opens a sentence, or ends the text after a comma, decides. Without one, the phrases of each
    side do; both sides earn nothing.
    """

    is_: Side
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its phrases compiled."""

    wanted: Side
    sides: dict[Side, Phrases]
    sources: tuple[Source, ...]


def prepare(rule: Stance, setting: Setting) -> Prepared:
    """Compile the phrases of both sides."""
    sides: dict[Side, Phrases] = {
        "yes": Phrases(compile_all(rule.yes, setting, "yes"), setting.phrases),
        "no": Phrases(compile_all(rule.no, setting, "no"), setting.phrases),
    }
    return Prepared(rule.is_, sides, sources_of(rule.fields, setting))


def stance(rule: Prepared, view: View) -> Verdict:
    """The side that a leading particle takes, else the side of the phrases."""
    texts = texts_of(rule.sources, view)
    for one in texts:
        if both := _both(one.text):
            return not_met("Both ways is no answer.", _evidence(one.field, both.span()))
    said = [(one.field, match) for one in texts for match in _particles(one, view)]
    sides = {_side(match.group("word")) for _, match in said}
    if len(sides) == 2:
        last = _side(said[-1][1].group("word"))
        places = [_evidence(name, match.span("word")) for name, match in said]
        return unsure("Says yes and says no.", *places, likely=last == rule.wanted)
    if sides:
        name, match = said[0]
        sentence = f"Says {match.group('word').lower()}."
        place = _evidence(name, match.span("word"))
        return met(sentence, place) if rule.wanted in sides else not_met(sentence, place)
    return _by_phrases(rule, texts)


def _both(text: str) -> re.Match[str] | None:
    """Where a text says yes and no at once; the signs are looked for first, since that is fast."""
    signs = folded(text)
    return _BOTH.search(text) if "yes" in signs or "jein" in signs else None


def _particles(text: Written, view: View) -> list[re.Match[str]]:
    """Every yes and no that decides, found once for all criteria."""
    return view.once((_PARTICLE, text.field), lambda: list(_PARTICLE.finditer(text.text)))


def _by_phrases(rule: Prepared, texts: Sequence[Written]) -> Verdict:
    found = {side: first_match(phrases, texts) for side, phrases in rule.sides.items()}
    other: Side = "yes" if rule.wanted == "no" else "no"
    mine, theirs = found[rule.wanted], found[other]
    if mine and theirs:
        return unsure(
            "Something speaks for yes and something for no.",
            *evidence_of(mine),
            *evidence_of(theirs),
            likely=True,
        )
    if mine:
        return met(f"This means {rule.wanted}.", *evidence_of(mine))
    return not_met(
        f"This means {other}." if theirs else f"Does not say {rule.wanted}.",
        *(evidence_of(theirs) if theirs else ()),
    )


def _side(word: str) -> Side:
    return "yes" if " ".join(word.lower().split()) in _YES else "no"


def _evidence(name: str, span: tuple[int, int]) -> Evidence:
    return Evidence(name, PARTICLE, "This is the answer.", {"start": span[0], "end": span[1]})


STANCE_CHECKS = {"stance": CheckKind(Stance, stance, ("text",), prepare=prepare, words=True)}
