"""Where a person should read a text although every rule has spoken: hedges, bare lists, sentences that no rule knows.

A wrong settled mark is the worst outcome. What the checks of words found in a text is settled only if the student
states it and stands by it; what they did not find only if nothing is left that might say it in other words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from msgspec.structs import replace

from app.grading.checks.stance import PARTICLE
from app.grading.judging import judged
from app.grading.language import standing
from app.grading.language.folding import folded
from app.grading.language.lists import is_bare_list, is_clear_list, is_comma_list, may_be_list
from app.grading.language.signs import DOUBTS
from app.grading.language.tokens import Sentence, Span, sentences, signs_in
from app.grading.types import Criterion, Evidence, Outcome, Part, Verdict, View, unsure

LEAST_UNREAD = 8  # content words of a sentence in which no rule found anything
MOST_HEDGES = 2  # of one sentence

ALTERNATIVES = "More than one answer is offered."
NOT_CLAIMED = "This is said to be false, or only asked."

_HEDGE = re.compile(
    r"\b(maybe|perhaps|possibly|probably|might|presumably|i\s+guess|i\s+suppose|i\s+think|i\s+believe|not\s+(?:so\s+|really\s+|quite\s+|entirely\s+)?sure"
    r"|unsure|no\s+idea|could\s+be|somehow|something\s+like|vielleicht|wahrscheinlich|either)\b|\?(?!\?)",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(
    r"\b(either\b.{1,200}?\bor|or\s+(?:maybe|perhaps|possibly|probably|rather|is\s+it|it'?s|was\s+it)|(?<!in )(?<!from )one of (?:these|those|them|both))\b"
    r"|\?\s*(?:or|oder)\b|[.;]\s*or\s+because\b|\bnot\s+sure\b",
    re.IGNORECASE | re.DOTALL,
)
_THIS_OR_THAT = re.compile(
    r"\b(?:maybe|perhaps|possibly|probably|might|could)\s+(?:(?!\bif\b)[^.?!;\n]){1,80}\bor\b(?!\s+if\b)|\bor\b[^.?!;\n]{1,60}\?",
    re.IGNORECASE,
)
_UNDECIDABLE = re.compile(
    r"\b(whether|unclear|which\s+of|(?:\w*not|\w+n['’]?t|nobody\s+can|no\s+one\s+can|hard\s+to|impossible\s+to)\s+(?:\w+\s+)?"
    r"(?:tell|say|see|know|decide|separate|distinguish|differentiate|attribute))\b",
    re.IGNORECASE,
)  # "one cannot tell whether it is this or that" is a statement
_OR_ASKED = re.compile(r"\bor\b[^?]{1,200}\?", re.IGNORECASE)  # in a formula: "v + g or v - g?"
_BESIDE = re.compile(
    r"or\b|oder\b|no\b|nein|oops|sorry|wait|scratch", re.IGNORECASE
)  # one of them is in all that follows
_OTHER_FORMULA = re.compile(
    r"\b(?:no|nein|oops|sorry|wait|scratch\s+that)\b(?=\s*[,!:.]|\s+wait\b)"
    r"|^(?:(?!\b(?:if|when|where|for|falls|wenn)\b)[^<>]){1,200}?\b(?:or|oder)\s+[^\s=]{1,20}\s*=",
    re.IGNORECASE,
)  # "v = b v + g, no, v = b v - g", "v = b v + g or v = b v - g"
_DISOWNED = re.compile(
    r"\b(?:(?:this|that|it|everything|all\s+of\s+(?:this|that|it))\s+(?:is|was)\s+(?:all|completely|totally|entirely)\s+(?:wrong|false|nonsense)"
    r"|the\s+following\s+(?:is|are)\s+(?:all\s+)?(?:wrong|false|not\s+true)"
    r"|(?:nobody|no\s+one)\s+(?:should|must|would)(?:\s+ever)?\s+(?:believe|think|claim)|claims?\b[^.;\n]{1,40}\bdisagree)\b",
    re.IGNORECASE,
)  # speaks of the whole answer
_NOT_STATED = re.compile(
    r"\b(?:false|untrue|not\s+true|not\s+the\s+case)\s+that\b|^\s*(?:is|are|does|do|can|could)\s+(?:it|this|they|that)\b[^?]*\?",
    re.IGNORECASE,
)  # speaks of its sentence
_WHICH = re.compile(r"\bnot\s+sure\s+which\b", re.IGNORECASE)
# Looked for first, in folded text: most texts hold none of them, and the patterns above are slow.
_OR = re.compile(r"or(?<!\wor)\b")  # begins with its letters: that is found fast
_SIGNS_OF_ALTERNATIVES = ("one of", "not sure", "oder")
_SIGNS_OF_DISOWNING = ("wrong", "false", "not true", "nonsense", "nobody", "no one", "disagree")
_SIGNS_OF_DENIAL = ("false that", "true that", "case that", "?")
_SIGNS_OF_HEDGES = (
    *("maybe", "perhaps", "possibly", "probably", "might", "presumably", "i guess", "i suppose", "i think", "i believe"),
    *("sure", "no idea", "could be", "somehow", "something like", "vielleicht", "wahrscheinlich", "either", "?"),
)  # fmt: skip
MOST_ALTERNATIVES = 40  # of a text; with so many all of it is doubted
_MOST_OF_AN_ASIDE = 3  # words of a sentence such as "Not sure", which speaks of what stands around it
_SENTENCE_END = re.compile(r"(?<=[.?!;\n])\s+")
Verdicts = dict[str, Verdict]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why what was found in a text is not settled, the side it leans to, and the characters it is about."""

    sentence: str
    likely: bool
    start: int
    end: int
    of_list: bool = False

    def concerns(self, place: Evidence) -> bool:
        """Whether a place is among what is doubted; a "no" before a list of terms still says no."""
        if self.of_list and place.rule == PARTICLE:
            return False
        start, end = int(place.place.get("start", 0)), int(place.place.get("end", self.end))
        return start < self.end and end > self.start


def doubted_by_text(part: Part, view: View, verdicts: Mapping[str, Verdict]) -> Verdicts:
    """The verdicts with those about words made unsure where the text gives reason to.

    Where it depends on more places than those that settled a verdict, all rules are asked again for every word they know.
    """
    found = dict(verdicts)
    for field in part.worded:
        if written := view.value(field):
            needs_more = _doubt_text(part, field, standing(written, part.prompt), found)
            if needs_more and not view.thorough:
                thorough = view.made_thorough()
                return doubted_by_text(part, thorough, judged(part, thorough))
    for field in part.formulas:
        written = view.value(field)
        if not written or not _BESIDE.search(written):  # nearly always
            continue
        if ("?" in written and _OR_ASKED.search(written)) or _OTHER_FORMULA.search(written):
            _doubt_formula(field, found)
    return found


def _doubt_formula(field: str, found: Verdicts) -> None:
    for name, verdict in found.items():
        if verdict.outcome is Outcome.MET and any(_places(verdict, field)):
            found[name] = _unsure_now(verdict, "More than one formula is offered.", likely=False)


def _doubt_text(part: Part, field: str, text: str, found: Verdicts) -> bool:
    """Change the verdicts to which the text of one field gives reason; whether more places could change more."""
    lists = part.fields[field].list  # names alone are an answer: "weights or more dogs" are two of them
    may_list = not lists and may_be_list(text)
    bare = may_list and is_bare_list(text)
    worthless = bare and is_clear_list(text)
    listed = bare or (may_list and is_comma_list(text))
    hints = listed or signs_in(text) & DOUBTS
    doubts = list(_doubts(text, alternatives=not lists, listed=listed)) if hints else []
    missed = () if worthless else _missed(part.worded[field], found)
    unread = _unread(field, text, found.values()) if missed else None
    if not doubts and not unread and not worthless:  # nearly always
        return False
    needs_more = False
    for criterion in part.criteria:
        verdict = found[criterion.id]
        if worthless and _rests_on(criterion, verdict, field):
            found[criterion.id] = replace(
                verdict, outcome=Outcome.NOT_MET, likely=False, sentence="A list of terms states nothing."
            )
        elif doubts and verdict.outcome is not Outcome.NOT_MET:
            if doubt := _doubt_about(verdict, field, doubts):
                likely = doubt.likely and verdict.leans_met
                found[criterion.id] = _unsure_now(verdict, doubt.sentence, likely=likely)
            else:
                needs_more = True
        elif unread and criterion.id in missed:
            found[criterion.id] = unsure("A sentence here says something that no rule knows.", unread)
            needs_more = True
    return needs_more


def _unsure_now(verdict: Verdict, sentence: str, *, likely: bool) -> Verdict:
    return replace(verdict, outcome=Outcome.UNSURE, likely=likely, sentence=sentence)


def _missed(worded: Iterable[str], found: Verdicts) -> Sequence[str]:
    """The criteria that are settled as not said, with nothing in the text that says so."""
    return [name for name in worded if found[name].outcome is Outcome.NOT_MET and not found[name].evidence]


def _places(verdict: Verdict, field: str) -> Iterator[Evidence]:
    return (place for place in verdict.evidence if place.field == field and place.part is None)


def _rests_on(criterion: Criterion, verdict: Verdict, field: str) -> bool:
    """Whether words of this field alone say what the criterion asks, or may say it."""
    return (
        criterion.halves > 0
        and verdict.outcome is not Outcome.NOT_MET
        and any(_places(verdict, field))
        and all(place.field == field and place.part is None for place in verdict.evidence)
        and not _is_particle(verdict.evidence)
    )


def _is_particle(places: Iterable[Evidence]) -> bool:
    """Whether a "yes" or "no" alone was found: before a list of terms it still says so."""
    return all(place.rule == PARTICLE for place in places)


def _doubt_about(verdict: Verdict, field: str, doubts: list[Doubt]) -> Doubt | None:
    """The first doubt about something that this verdict rests on."""
    places = list(_places(verdict, field))
    return next((doubt for doubt in doubts if any(map(doubt.concerns, places))), None)


def _doubts(text: str, *, alternatives: bool, listed: bool) -> Iterator[Doubt]:
    """All doubts about a text; `alternatives`: what stands beside something else is doubted, `listed`: it only lists terms."""
    signs = " ".join(folded(text).split())  # however wide the gaps are
    either = _OR.search(signs) is not None
    if alternatives and (either or any(map(signs.__contains__, _SIGNS_OF_ALTERNATIVES))):
        yield from _alternatives(text)
    hedged = sum(map(signs.count, _SIGNS_OF_HEDGES)) > MOST_HEDGES
    if (alternatives and either) or hedged:
        yield from _uncertain(text, alternatives=alternatives and either, hedged=hedged)
    if any(map(signs.__contains__, _SIGNS_OF_DISOWNING)) and _DISOWNED.search(text):
        yield Doubt(NOT_CLAIMED, False, 0, len(text))
    if any(map(signs.__contains__, _SIGNS_OF_DENIAL)):
        yield from _not_claimed(text)
    if listed:
        yield Doubt("A list of terms states nothing.", False, 0, len(text), of_list=True)


def _alternatives(text: str) -> Iterator[Doubt]:
    """What is offered beside something else; a sentence that begins with "Or maybe" stands beside the one before."""
    offered = list(islice(_ALTERNATIVES.finditer(text), MOST_ALTERNATIVES))
    if len(offered) == MOST_ALTERNATIVES:
        yield Doubt(ALTERNATIVES, True, 0, len(text))
        return
    parts = _sentences(text) if offered else []
    for found in offered:
        first = found.start() - 1 if found.start() in (start for start, _ in parts) else found.start()
        around = [(start, end) for start, end in parts if start < found.end() and end > first]
        start, end = around[0][0], around[-1][1]
        if len(text[start:end].split()) <= _MOST_OF_AN_ASIDE or _WHICH.search(text, start, end):
            start, end = 0, len(text)
        yield Doubt(ALTERNATIVES, True, start, end)


def _uncertain(text: str, *, alternatives: bool, hedged: bool) -> Iterator[Doubt]:
    """Sentences that are not given as certain: they may offer alternatives, or may be hedged more than once."""
    for start, end in _sentences(text):
        if alternatives and _THIS_OR_THAT.search(text, start, end) and not _UNDECIDABLE.search(text):
            yield Doubt(ALTERNATIVES, True, start, end)
        if hedged and len(_HEDGE.findall(text, start, end)) > MOST_HEDGES:
            yield Doubt("The answer is not given as certain.", True, start, end)


def _not_claimed(text: str) -> Iterator[Doubt]:
    """Sentences that the student says are false, or only asks."""
    for start, end in _sentences(text):
        if _NOT_STATED.search(text[start:end]):
            yield Doubt(NOT_CLAIMED, False, start, end)


def _sentences(text: str) -> list[Span]:
    """Where each sentence begins and ends."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


def _unread(field: str, text: str, verdicts: Iterable[Verdict]) -> Evidence | None:
    """The sentence with the most words in which no rule found anything, if they are enough to say something."""
    long = [sentence for sentence in sentences(text) if len(sentence.content) >= LEAST_UNREAD]
    places = [one for verdict in verdicts for one in _places(verdict, field)] if long else []
    left, longest = max(((_left(one, places), one) for one in long), key=itemgetter(0), default=(0, None))
    if longest is None or left < LEAST_UNREAD:
        return None
    spans = longest.spans
    span = {"start": spans[0][0], "end": spans[-1][1]}
    return Evidence(field, "not recognised", "No rule knows this.", span)


def _left(sentence: Sentence, places: Sequence[Evidence]) -> int:
    """How many words and signs of a sentence no rule has found."""
    if not places:
        return len(sentence.content)
    starts, ends = zip(*sentence.content_spans, strict=True)
    known: set[int] = set()
    for place in places:
        start, end = place.place.get("start", 0), place.place.get("end", 0)
        known.update(range(bisect_right(ends, start), bisect_left(starts, end)))
    return len(starts) - len(known)
