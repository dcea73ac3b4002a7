"""Which tokens of a sentence stand under a negation, after NegEx (Chapman et al. 2001): cues with a scope.

A cue reaches forward to the end of its clause; "not" behind a verb reaches back to its subject too
("a learning rate is not needed"). Two negations cancel. "not only" and its like are no negation.
"""

from collections.abc import Sequence
from typing import Literal

from app.grading.language.tokens import Sentence, Span
from app.grading.language.words import FUNCTION_WORDS

CUES = frozenset(
    "not no never without neither nor none nobody nothing hardly rarely seldom scarcely nicht nichts nix kein keine keinen keiner ohne nie kaum selten w/o".split()
)
NEAR_CUE = "non"  # denies the next word only: "non-linear"
_ALL_CUES = CUES | {NEAR_CUE}
_NONE: frozenset[int] = frozenset()
BACKWARD_CUES = frozenset(
    {"not", "never", "nicht", "nie", "hardly", "rarely", "seldom", "scarcely", "kaum", "selten"}
)
_NO_CUE_BEFORE = frozenset(
    "only just matter doubt wonder necessarily always merely wait problem one solely sure certain forget nur".split()
)
# After an answering "no": "No the model is too small", "No because it underfits".
_GOES_ON = frozenset(
    "because bc cuz cos due since as it we i you they he she there this that the my our weil da es wir".split()
)
_CLAUSE_ENDS = frozenset(
    "but however whereas although because bc cuz since while therefore thus hence instead rather which aber sondern weil "
    "so -> => → ⇒ then otherwise yet still thereby if".split()
)
_RELATIVE = frozenset(
    {"that", "which", "who", "where"}
)  # "a critical point that is not a minimum" is critical
_CLAUSE_SYMBOLS = frozenset(",:.;!?()–—")
_AUXILIARIES = frozenset(
    "is are was were be been does do did has have had will would can could should may might must need needs ca wo ist sind "
    "wird kann muss".split()
)
_JOINS = frozenset("and or und oder".split())
_LEADS_ON = frozenset(FUNCTION_WORDS.split()) | frozenset("make further explicit direct".split())
# A remedy without a comma before it: "it does not fit in memory use batches", "data won't help need a bigger net".
_ADVICE = frozenset("use need take try".split())
_SUBJECTS = frozenset("it they we you he she i es wir sie man".split())
_ARTICLES = frozenset("the a an its their der die das".split())


LONGEST_REACH = 25  # tokens; a clause is shorter
LONGEST_ASIDE = 2  # words in brackets that do not end a clause


def is_cue(word: str) -> bool:
    """Whether a word negates: "not", "without"; not "unable"."""
    return word in _ALL_CUES


def negated(sentence: Sentence) -> frozenset[int]:
    """The indices of the tokens under an odd number of negations.

    In "no learning rate is needed" all but "no"; in "it does not only help" none.
    """
    words = sentence.words
    if _ALL_CUES.isdisjoint(sentence.content):  # in most cases
        return _NONE
    counts = [0] * len(words)
    for index, word in enumerate(words):
        if word == NEAR_CUE and (place := index + 1 + (words[index + 1 : index + 2] == ["-"])) < len(words):
            counts[place] += 1
        if word in CUES and not _is_pseudo(words, index):
            for reached in _scope(sentence, index):
                counts[reached] += 1
    return frozenset(index for index, count in enumerate(counts) if count % 2)


def _is_pseudo(words: Sequence[str], index: int) -> bool:
    following = words[index + 1] if index + 1 < len(words) else ""
    if words[index] == "no" and (
        following in _CLAUSE_SYMBOLS or following in ("", "-") or following in _GOES_ON
    ):
        return True
    before = words[index - 1] if index else ""
    harmless = following in _NO_CUE_BEFORE and (words[index], following) != ("not", "matter")
    return harmless or (words[index] == "not" and before in ("or", "whether"))


def _scope(sentence: Sentence, index: int) -> list[int]:
    words = sentence.words
    reached = []
    for place in range(index + 1, min(index + 1 + LONGEST_REACH, len(words))):
        if _ends_clause(sentence, place) or (place > index + 1 and _advises(words, place)):
            break
        reached.append(place)
    before = words[index - 1] if index else ""
    backward = before in _AUXILIARIES or _is_predicate(words, index + 1)
    if words[index] in BACKWARD_CUES and backward and not _joins_verbs(words, index):
        for place in range(index - 1, max(index - 1 - LONGEST_REACH, -1), -1):
            if _ends_clause(sentence, place) or words[place] in _RELATIVE:
                break
            if words[place] in _JOINS and not _SUBJECTS.isdisjoint(words[place:index]):
                break  # "two distributions and after mixing we cannot tell": the denied verb has its own subject
            reached.append(place)
    return reached


def _joins_verbs(words: Sequence[str], index: int) -> bool:
    """Whether a verb came before that is not denied: "has zero gradient and cannot leave"."""
    return index > 1 and words[index - 1] in _AUXILIARIES and words[index - 2] in _JOINS


def _is_predicate(words: Sequence[str], place: int) -> bool:
    """Whether something is said of what stands before: "learning rate not needed"."""
    word = words[place] if place < len(words) else ""
    return word.endswith("ed") or word in ("necessary", "possible", "available", "there", "chosen")


def _ends_clause(sentence: Sentence, place: int) -> bool:
    words = sentence.words
    word = words[place]
    if word == "nor":  # it denies what follows itself
        return True
    if word in _JOINS:
        return _begins_statement(words, place + 1) or _joins_denials(words, place)
    if word == "as":  # "as you cannot", but not "as good as"
        return _begins_statement(words, place + 1)
    if word in ("/", "+"):
        return _stands_apart(sentence.spans, place)
    return word in _CLAUSE_ENDS or (word in _CLAUSE_SYMBOLS and not _is_aside(words, place))


def _advises(words: Sequence[str], place: int) -> bool:
    """Whether a new piece of advice begins here: "help | need more layers", but not "directly use" or "to use"."""
    before = words[place - 1]
    return (
        words[place] in _ADVICE and before.isalpha() and not before.endswith("ly") and before not in _LEADS_ON
    )


def _begins_statement(words: Sequence[str], place: int) -> bool:
    """Whether something new is said from here on: "not zero and it is …", "and the weights are …"."""
    following = words[place : place + 3]
    return bool(following) and (
        following[0] in _SUBJECTS
        or (len(following) == 3 and following[0] in _ARTICLES and following[2] in _AUXILIARIES)
    )


def _joins_denials(words: Sequence[str], place: int) -> bool:
    """Whether both sides of an "and" are denied on their own: "no fixed size and no order"."""
    return all(_is_denied(words, place, towards) for towards in (-1, 1))


def _is_denied(words: Sequence[str], place: int, towards: Literal[-1, 1]) -> bool:
    """Whether a negation stands on this side of a place, before the next join or end of a clause."""
    for gap in range(1, LONGEST_REACH):
        at = place + gap * towards
        if not 0 <= at < len(words):
            return False
        word = words[at]
        if word in CUES:
            return True
        if word in _JOINS or word in _CLAUSE_ENDS or word in _CLAUSE_SYMBOLS:
            return False
    return False


def _stands_apart(spans: Sequence[Span], place: int) -> bool:
    """Whether a slash or plus parts two statements, as in "no learning rate / slow", not two words ("min/max")."""
    before = place == 0 or spans[place][0] > spans[place - 1][1]
    behind = place + 1 == len(spans) or spans[place + 1][0] > spans[place][1]
    return before and behind


def _is_aside(words: Sequence[str], place: int) -> bool:
    """Whether a bracket belongs to a word or two in passing: "not a (local) minimum"."""
    near = range(2, LONGEST_ASIDE + 2)
    if words[place] == "(":
        return any(place + gap < len(words) and words[place + gap] == ")" for gap in near)
    return words[place] == ")" and any(place >= gap and words[place - gap] == "(" for gap in near)
