"""The check `says`: is an idea stated? Written as phrases (see `app.grading.language.phrases`)."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.checks.written import Source, Written, sources_of, texts_of
from app.grading.language import (
    Match,
    Phrase,
    PhraseError,
    Phrases,
    Search,
    can_be_near,
    compile_phrase,
    find_in,
    nearly_in,
)
from app.grading.language.tokens import Span, sentences
from app.grading.types import Evidence, Outcome, Verdict, View, not_met, unsure

MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class Says:
    """The text states an idea: one of the phrases of `any` is said.

    `says: ["not <learning rate>", "<learning rate> (automatic* | unnecessary)"]`

    `likely` alone is unsure and leans to met, `maybe` alone is unsure and leans to not met. A phrase of `no_credit` alone
    earns nothing, and beside a match makes it doubtful, leaning to met in a sentence of its own. `other` is what else people write here: alone
    it settles that the idea is not said, before `maybe` is asked; beside a match it does not matter. `spoiled_by` takes
    the credit away whatever else is said.
    `fields`: where to look, all text fields if left out. `within`: the words of a phrase stand in one sentence; or, of a
    list ("augmentation, more dogs"), in one `entry`; or, if joined by `&` or `>`, anywhere in the `answer`.
    `after` and `until` are phrases too: only what stands under a heading `after` is heard, up to a heading `until`.
    """

    any: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    no_credit: tuple[str, ...] = ()
    spoiled_by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    within: Literal["sentence", "entry", "answer"] = "sentence"
    after: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its phrases compiled: those of all lists in one, so that a text is asked once what it can hold."""

    phrases: Phrases  # of the lists in the order in which they are heard
    lists: tuple[str, ...]  # of each phrase the list that it stands in
    nearly: range  # the numbers of phrases that count as said, though not together
    sources: tuple[Source, ...]
    whole: bool  # phrases may stand anywhere in the answer


Found = tuple[str, Match]
Candidate = tuple[int, str, Search]  # the number of a phrase, a field, and what was found there
LISTS = ("spoiled_by", "no_credit", "any", "likely", "other", "maybe")  # in the order in which they are heard
NEARLY = ("any", "likely")


def prepare(rule: Says, setting: Setting) -> Prepared:
    """Compile every phrase once."""
    if not (rule.any or rule.likely or rule.maybe):
        raise RuleError("says needs at least one phrase")
    compiled = {name: compile_all(getattr(rule, name), setting, name) for name in LISTS}
    phrases = Phrases((phrase for name in LISTS for phrase in compiled[name]), setting.phrases)
    lists = tuple(name for name in LISTS for _ in compiled[name])
    near = [
        number
        for number, phrase, name in zip(phrases.numbers, phrases.all, lists, strict=True)
        if name in NEARLY and can_be_near(phrase)
    ]
    nearly = range(near[0], near[-1] + 1) if near else range(0)
    heads = _heads(rule, setting)
    sources = sources_of(rule.fields, setting, entries=rule.within == "entry", heads=heads)
    return Prepared(phrases, lists, nearly, sources, rule.within == "answer")


def _heads(rule: Says, setting: Setting) -> Phrases | None:
    """The headings between which the rule hears, with an index of their own; None where it hears everything."""
    if not rule.after:
        if rule.until:
            raise RuleError("until needs an after", "until")
        return None
    named = [name for name in ("after", "until") if getattr(rule, name)]
    heads: list[Phrase] = []
    for name in named:
        try:
            heads.append(compile_phrase(getattr(rule, name), setting.terms))
        except PhraseError as error:
            raise RuleError(str(error), name) from error
    return Phrases(heads)


def compile_all(phrases: Iterable[str], setting: Setting, name: str) -> tuple[Phrase, ...]:
    """Phrases of one key of a rule; a faulty one is named by its place."""
    compiled = []
    for index, phrase in enumerate(phrases):
        try:
            compiled.append(compile_phrase(phrase, setting.terms))
        except PhraseError as error:
            raise RuleError(str(error), name, index) from error
    return tuple(compiled)


def says(rule: Prepared, view: View) -> Verdict:
    """One phrase asserted is enough; what speaks against it is heard too."""
    texts = view.known.get(rule.sources) or texts_of(rule.sources, view)
    candidates = _candidates(texts, rule.phrases.numbers, whole=rule.whole)
    if candidates and (verdict := _heard(rule, candidates, texts)):
        return verdict
    if rule.nearly and (near := _nearly_said(rule, texts)):
        return unsure("The words are there, but not together.", *evidence_of(near))
    return NOT_SAID


NOT_SAID = not_met("This is not said.")


def _heard(rule: Prepared, candidates: Sequence[Candidate], texts: Sequence[Written]) -> Verdict | None:
    """What the phrases mean that are said, each in the first text that has it; None where none is."""
    phrases, first = rule.phrases.all, rule.phrases.numbers.start
    worthless: Found | None = None
    last = -1
    for number, field, search in candidates:
        if number == last or not (match := find_in(phrases[number - first], search.where(number))):
            continue
        last, name, found = number, rule.lists[number - first], (field, match)
        if name == "no_credit":
            worthless = worthless or found
        elif worthless is None or name == "spoiled_by":
            outcome, sentence, likely = _MEANINGS[name]
            return Verdict(outcome, sentence, evidence_of(found), likely)
        elif name == "any" and not _is_inside(found, worthless):
            sentence = "A right statement stands beside one that earns nothing."
            return unsure(sentence, *evidence_of(found), likely=_apart(found, worthless, texts))
    return not_met("This alone earns nothing.", *evidence_of(worthless)) if worthless else None


# What a phrase of a list alone means, and whether that leans to met.
_MEANINGS = {
    "spoiled_by": (Outcome.NOT_MET, "Something that takes the credit away is said too.", False),
    "any": (Outcome.MET, "This is said.", False),
    "likely": (Outcome.UNSURE, "This may be meant.", True),
    "other": (Outcome.NOT_MET, "Something else is said.", False),
    "maybe": (Outcome.UNSURE, "This is touched, but it is not clear what is said.", False),
}


def _nearly_said(rule: Prepared, texts: Sequence[Written]) -> Found | None:
    """The first phrase that is nearly said in one of the texts."""
    for number, field, search in _candidates(texts, rule.nearly, whole=True):
        if match := nearly_in(rule.phrases.of(number), search.where(number)):
            return field, match
    return None


def _candidates(texts: Sequence[Written], numbers: range, *, whole: bool) -> list[Candidate]:
    """The phrases whose words are there, in their order, of each the texts in theirs."""
    found: list[Candidate] = []
    for text in texts:
        search = text.whole if whole else text.search
        there = search.numbers
        at = bisect_left(there, numbers.start)
        while at < len(there) and there[at] < numbers.stop:
            found.append((there[at], text.field, search))
            at += 1
    if len(texts) > 1:
        found.sort(key=itemgetter(0))
    return found


def first_match(phrases: Phrases, texts: Sequence[Written]) -> Found | None:
    """The first phrase that is said in one of the texts; of several texts the first that says it."""
    for number, field, search in _candidates(texts, phrases.numbers, whole=False):
        if match := find_in(phrases.of(number), search.where(number)):
            return field, match
    return None


def _apart(found: Found, other: Found, texts: Sequence[Written]) -> bool:
    """Whether two places are in sentences of their own."""
    if found[0] != other[0]:
        return True
    first, second = found[1].spans[0][0], other[1].spans[0][0]
    return not any(
        sentence.spans[0][0] <= min(first, second) and max(first, second) < sentence.spans[-1][1]
        for text in texts
        if text.field == found[0]
        for sentence in sentences(text.text)
    )


def _is_inside(found: Found, other: Found) -> bool:
    """Whether the words of one place are all words of another: "predicted" in "predicted label"."""
    return found[0] == other[0] and set(found[1].spans) <= set(other[1].spans)


def evidence_of(found: Found) -> tuple[Evidence, ...]:
    """The words that count, neighbours joined."""
    name, match = found
    places: list[Span] = []
    for start, end in match.spans:
        if places and start - places[-1][1] <= 1:
            places[-1] = (places[-1][0], end)
        else:
            places.append((start, end))
    source = match.phrase.source
    return tuple(
        [
            Evidence(name, source, "These words count.", {"start": start, "end": end})
            for start, end in places[:MOST_EVIDENCE]
        ]
    )


SAYS_CHECKS = {"says": CheckKind(Says, says, ("text", "math"), short="any", prepare=prepare, words=True)}
