"""What late answers would get: worked out without a change, and not for ever."""

from fractions import Fraction

from app.services.outlooks import Outlook, Outlooks
from app.services.remembered import RememberedMarks
from tests.sample_exam import sample_exam

STORED = {"1a": '{"choice":[2]}', "1b": '{"count":"60"}'}


def outlooks(seconds: float = 10) -> Outlooks:
    return Outlooks(sample_exam(), 1, STORED, RememberedMarks(), seconds)


def credits_(*four: int) -> Outlook:
    return Outlook(*map(Fraction, four))


def test_an_outlook_says_what_the_part_and_the_whole_attempt_would_get() -> None:
    found = outlooks()

    assert found.of("1b", '{"count":"120"}') == credits_(2, 2, 3, 3)
    assert found.of("1b", STORED["1b"]) == credits_(0, 0, 1, 1)


def test_no_answer_is_an_answer_too() -> None:
    assert outlooks().of("1a", None) == credits_(0, 0, 0, 0)


def test_when_the_time_is_used_up_there_is_no_outlook() -> None:
    assert outlooks(seconds=-1).of("1b", '{"count":"120"}') is None
