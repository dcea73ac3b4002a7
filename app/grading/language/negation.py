"""Which tokens of a sentence stand under a negation, after NegEx (Chapman et al. 2001): cues with a scope.

A cue reaches forward to the end of its clause; "not" behind a verb reaches back to its subject too
("a learning rate is not needed"). Two negations cancel. "not only" and its like are no negation.
"""

from collections.abc import Sequence
from typing import Literal

from app.grading.language.tokens import Token

CUES = frozenset(
    "not no never without neither nor none nobody nothing hardly nicht kein keine keinen keiner ohne nie w/o".split()
)
BACKWARD_CUES = frozenset({"not", "never", "nicht", "nie", "hardly"})
_NO_CUE_BEFORE = frozenset(
    "only just matter doubt wonder necessarily always merely wait problem one solely sure certain nur".split()
)
# After an answering "no": "No the model is too small", "No because it underfits".
_GOES_ON = frozenset(
    "because since as it we i you they he she there this that the my our weil da es wir".split()
)
_CLAUSE_ENDS = frozenset(
    "but however whereas although because since while therefore thus hence instead rather which aber sondern weil "
    "so -> => then otherwise yet still thereby if".split()
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
_SUBJECTS = frozenset("it they we you he she i es wir sie man".split())
_ARTICLES = frozenset("the a an its their der die das".split())


LONGEST_REACH = 25  # tokens; a clause is shorter
LONGEST_ASIDE = 2  # words in brackets that do not end a clause


def is_cue(word: str) -> bool:
    """Whether a word negates: "not", "without"; not "unable"."""
    return word in CUES


def negated(tokens: Sequence[Token]) -> frozenset[int]:
    """The indices of the tokens under an odd number of negations.

    In "no learning rate is needed" all but "no"; in "it does not only help" none.
    """
    cues = [index for index, token in enumerate(tokens) if token.word in CUES]
    if not cues:
        return frozenset()
    counts = [0] * len(tokens)
    for index in cues:
        if not _is_pseudo(tokens, index):
            for reached in _scope(tokens, index):
                counts[reached] += 1
    return frozenset(index for index, count in enumerate(counts) if count % 2)


def _is_pseudo(tokens: Sequence[Token], index: int) -> bool:
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    if tokens[index].word == "no" and (
        following in _CLAUSE_SYMBOLS or following in ("", "-") or following in _GOES_ON
    ):
        return True
    before = tokens[index - 1].word if index else ""
    harmless = following in _NO_CUE_BEFORE and (tokens[index].word, following) != ("not", "matter")
    return harmless or (tokens[index].word == "not" and before in ("or", "whether"))


def _scope(tokens: Sequence[Token], index: int) -> list[int]:
    reached = []
    for place in range(index + 1, min(index + 1 + LONGEST_REACH, len(tokens))):
        if _ends_clause(tokens, place):
            break
        reached.append(place)
    before = tokens[index - 1].word if index else ""
    if tokens[index].word in BACKWARD_CUES and (before in _AUXILIARIES or _is_predicate(tokens, index + 1)):
        for place in range(index - 1, max(index - 1 - LONGEST_REACH, -1), -1):
            if _ends_clause(tokens, place) or tokens[place].word in _RELATIVE:
                break
            reached.append(place)
    return reached


def _is_predicate(tokens: Sequence[Token], place: int) -> bool:
    """Whether something is said of what stands before: "learning rate not needed"."""
    word = tokens[place].word if place < len(tokens) else ""
    return word.endswith("ed") or word in ("necessary", "possible", "available", "there", "chosen")


def _ends_clause(tokens: Sequence[Token], place: int) -> bool:
    word = tokens[place].word
    if word in _JOINS:
        return _begins_statement(tokens, place + 1) or _joins_denials(tokens, place)
    if word == "/":
        return _stands_apart(tokens, place)
    return word in _CLAUSE_ENDS or (word in _CLAUSE_SYMBOLS and not _is_aside(tokens, place))


def _begins_statement(tokens: Sequence[Token], place: int) -> bool:
    """Whether something new is said from here on: "not zero and it is …", "and the weights are …"."""
    words = [token.word for token in tokens[place : place + 3]]
    return words[:1] != [] and (
        words[0] in _SUBJECTS or (len(words) == 3 and words[0] in _ARTICLES and words[2] in _AUXILIARIES)
    )


def _joins_denials(tokens: Sequence[Token], place: int) -> bool:
    """Whether both sides of an "and" are denied on their own: "no fixed size and no order"."""
    return all(_is_denied(tokens, place, towards) for towards in (-1, 1))


def _is_denied(tokens: Sequence[Token], place: int, towards: Literal[-1, 1]) -> bool:
    """Whether a negation stands on this side of a place, before the next join or end of a clause."""
    for gap in range(1, LONGEST_REACH):
        at = place + gap * towards
        if not 0 <= at < len(tokens):
            return False
        word = tokens[at].word
        if word in CUES:
            return True
        if word in _JOINS or word in _CLAUSE_ENDS or word in _CLAUSE_SYMBOLS:
            return False
    return False


def _stands_apart(tokens: Sequence[Token], place: int) -> bool:
    """Whether a slash parts two statements, as in "no learning rate / slow", not two words ("min/max")."""
    before = place == 0 or tokens[place].start > tokens[place - 1].end
    behind = place + 1 == len(tokens) or tokens[place + 1].start > tokens[place].end
    return before and behind


def _is_aside(tokens: Sequence[Token], place: int) -> bool:
    """Whether a bracket belongs to a word or two in passing: "not a (local) minimum"."""
    near = range(2, LONGEST_ASIDE + 2)
    if tokens[place].word == "(":
        return any(place + gap < len(tokens) and tokens[place + gap].word == ")" for gap in near)
    return tokens[place].word == ")" and any(place >= gap and tokens[place - gap].word == "(" for gap in near)
