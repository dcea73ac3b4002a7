"""The check `says`: is an idea stated? Written as phrases (see `app.grading.language.phrases`)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.language import (
    Match,
    Phrase,
    PhraseError,
    PhraseIndex,
    Phrases,
    ReadyText,
    Units,
    compile_phrase,
    find_in,
    nearly_in,
    ready,
    standing,
)
from app.grading.language.tokens import sentences
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure

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
    """

    any: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    no_credit: tuple[str, ...] = ()
    spoiled_by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    within: Literal["sentence", "entry", "answer"] = "sentence"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its phrases compiled: those of all lists in one, so that a text is asked once what it can hold."""

    phrases: Phrases  # of the lists in the order in which they are heard
    lists: tuple[str, ...]  # of each phrase the list that it stands in
    nearly: Phrases  # what counts as said, though not together
    fields: tuple[str, ...]
    within: str
    prompt: str


class Written:
    """What a field says, the same made ready for phrases, and which phrases of the part can be in it."""

    __slots__ = ("_possible", "field", "ready", "text")

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        self.text = text
        self.ready: ReadyText = ready(text)
        self._possible: dict[tuple[PhraseIndex, bool], list[int]] = {}

    def units(self, *, whole: bool) -> Units:
        """The sentences, or all of it as one."""
        return self.ready.whole if whole else self.ready.by_sentence

    def places(self, phrases: Phrases, *, whole: bool) -> Sequence[int]:
        """The places of the phrases that can be in it; asked once for all lists with the same index."""
        key = (phrases.index, whole)
        if key not in self._possible:
            self._possible[key] = phrases.index.possible(self.units(whole=whole).keys)
        return phrases.among(self._possible[key])


Found = tuple[str, Match]
Candidate = tuple[int, Written, Units]  # the place of a phrase in its list, and where to look for it
LISTS = ("spoiled_by", "no_credit", "any", "likely", "other", "maybe")  # in the order in which they are heard


def prepare(rule: Says, setting: Setting) -> Prepared:
    """Compile every phrase once."""
    if not (rule.any or rule.likely or rule.maybe):
        raise RuleError("says needs at least one phrase")
    compiled = {name: compile_all(getattr(rule, name), setting, name) for name in LISTS}
    phrases = Phrases((phrase for name in LISTS for phrase in compiled[name]), setting.phrases)
    lists = tuple(name for name in LISTS for _ in compiled[name])
    nearly = Phrases((*compiled["any"], *compiled["likely"]))
    return Prepared(phrases, lists, nearly, rule.fields, rule.within, setting.prompt)


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
    texts = [text for name in rule.fields if (text := _written(rule, view, name))]
    worthless: Found | None = None
    candidates = _candidates(rule.phrases, texts, whole=rule.within == "answer")
    for name, found in _said(rule, candidates):
        if name == "no_credit":
            worthless = worthless or found
        elif worthless is None or name == "spoiled_by":
            return _settled(name, found)
        elif name == "any" and not _is_inside(found, worthless):
            sentence = "A right statement stands beside one that earns nothing."
            return unsure(sentence, *evidence_of(found), likely=_apart(found, worthless, texts))
    if worthless:
        return not_met("This alone earns nothing.", *evidence_of(worthless))
    if not candidates and not any(text.ready.over_gaps for text in texts):
        return NOT_SAID  # nearly always: where no phrase has its words, none has them far apart
    if near := _nearly_said(rule, texts):
        return unsure("The words are there, but not together.", *evidence_of(near))
    return NOT_SAID


NOT_SAID = not_met("This is not said.")


def _settled(name: str, found: Found) -> Verdict:
    """What a phrase of this list alone means."""
    places = evidence_of(found)
    match name:
        case "spoiled_by":
            return not_met("Something that takes the credit away is said too.", *places)
        case "any":
            return met("This is said.", *places)
        case "likely":
            return unsure("This may be meant.", *places, likely=True)
        case "other":
            return not_met("Something else is said.", *places)
    return unsure("This is touched, but it is not clear what is said.", *places)


def _said(rule: Prepared, candidates: Sequence[Candidate]) -> Iterator[tuple[str, Found]]:
    """What is said of each list, in the order of the phrases; of several texts each phrase in the first that has it."""
    last = -1
    for place, text, units in candidates:
        if place != last and (match := find_in(rule.phrases.all[place], units.all)):
            last = place
            yield rule.lists[place], (text.field, match)


def _nearly_said(rule: Prepared, texts: Sequence[Written]) -> Found | None:
    """The first phrase that is nearly said in one of the texts."""
    for place, text, units in _candidates(rule.nearly, texts, whole=True):
        if match := nearly_in(rule.nearly.all[place], units.all):
            return text.field, match
    return None


def _candidates(phrases: Phrases, texts: Sequence[Written], *, whole: bool = False) -> list[Candidate]:
    """The phrases whose words are there, in their order, of each the texts in theirs."""
    found: list[Candidate] = []
    for text in texts:
        if places := text.places(phrases, whole=whole):
            units = text.units(whole=whole)
            found += [(place, text, units) for place in places]
    if len(texts) > 1:
        found.sort(key=itemgetter(0))
    return found


_ENTRY_END = re.compile(r",(?!\d)|[/|+](?=\s)|(?<=\s)[-–](?=\s)")


def _written(rule: Prepared, view: View, field: str) -> Written | None:
    """What counts of an answer, made ready once for all rules of the part; None where nothing is left."""
    key = (field, rule.within == "entry")
    if key not in view.known:
        text = standing(view.value(field) or "", rule.prompt)
        if rule.within == "entry":  # the entries of a list become sentences, as long as before
            text = _ENTRY_END.sub(";", text)
        view.known[key] = Written(field, text) if text else None
    return view.known[key]  # type: ignore[no-any-return]


def first_match(phrases: Phrases, texts: dict[str, str]) -> Found | None:
    """The first phrase that is said in one of the texts; of several texts the first that says it."""
    written = [Written(name, text) for name, text in texts.items() if text]
    for place, text, units in _candidates(phrases, written):
        if match := find_in(phrases.all[place], units.all):
            return text.field, match
    return None


def _apart(found: Found, other: Found, texts: Sequence[Written]) -> bool:
    """Whether two places are in sentences of their own."""
    if found[0] != other[0]:
        return True
    first, second = found[1].tokens[0].start, other[1].tokens[0].start
    return not any(
        sentence.spans[0][0] <= min(first, second) and max(first, second) < sentence.spans[-1][1]
        for text in texts
        if text.field == found[0]
        for sentence in sentences(text.text)
    )


def _is_inside(found: Found, other: Found) -> bool:
    """Whether the words of one place are all words of another: "predicted" in "predicted label"."""
    places = {(token.start, token.end) for token in other[1].tokens}
    return found[0] == other[0] and all((token.start, token.end) in places for token in found[1].tokens)


def evidence_of(found: Found) -> tuple[Evidence, ...]:
    """The words that count, neighbours joined."""
    name, match = found
    spans: list[tuple[int, int]] = []
    for token in match.tokens:
        if spans and token.start - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], token.end)
        else:
            spans.append((token.start, token.end))
    return tuple(
        Evidence(name, match.phrase.source, "These words count.", {"start": start, "end": end})
        for start, end in spans[:MOST_EVIDENCE]
    )


SAYS_CHECKS = {"says": CheckKind(Says, says, ("text", "math"), short="any", prepare=prepare, words=True)}
