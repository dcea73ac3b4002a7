"""Limits by example: what passes, what waits, and for how long."""

import pytest

from app.errors import TooMany
from app.services import limits
from app.services.limits import Doors, GrowingDelay, Limit, network_of


def test_a_burst_passes_and_the_next_waits_for_its_turn() -> None:
    limit = Limit(burst=2, per_second=0.1)

    assert [limit.take("a", at) for at in (0, 0, 0, 10)] == [0, 0, 10, 0]
    assert limit.take("b", 0) == 0


def test_what_is_refused_does_not_count() -> None:
    limit = Limit(burst=1, per_second=1)
    limit.take("a", 0)

    assert [limit.take("a", 0.5) for _ in range(50)] == [0.5] * 50
    assert limit.take("a", 1) == 0


def test_a_large_thing_counts_more_and_passes_at_least_when_nothing_else_counts() -> None:
    limit = Limit(burst=10, per_second=1)

    assert limit.take("a", 0, cost=100) == 0
    assert limit.take("a", 0) == 91
    assert limit.take("b", 0, cost=10) == 0


def test_what_has_come_to_rest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEW", 10)
    limit, delay = Limit(burst=5, per_second=1), GrowingDelay(forget_after=100)
    for at in range(1000):
        limit.take(at, at)
        delay.begin(at, at)

    assert len(limit._rested) < 50
    assert len(delay._tries) < 300


def test_guessing_waits_longer_each_time_but_never_more_than_a_minute() -> None:
    delay = GrowingDelay(free=3)
    waits, at = [], 0.0
    for _ in range(12):
        waits.append(delay.begin("ada", at))
        at += waits[-1]
        if waits[-1]:
            assert delay.begin("ada", at) == 0

    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_the_right_password_ends_the_waiting_and_an_hour_of_quiet_does() -> None:
    delay = GrowingDelay(free=2)
    for _ in range(2):
        delay.begin("ada", 0)
        delay.begin("eve", 0)
    delay.succeeded("ada")

    assert delay.begin("ada", 0) == 0
    assert delay.begin("eve", 0) == 1
    assert [delay.begin("eve", 3601) for _ in range(2)] == [0, 0]


def test_a_room_of_three_hundred_behind_one_address_signs_in_at_once() -> None:
    doors = Doors()
    for number in range(300):
        for _ in range(2):  # everybody mistypes once
            doors.enter(f"student{number}@example.org", "203.0.113.9", 0)
        doors.entered(f"student{number}@example.org", "203.0.113.9", 0)


def test_a_room_registers_at_once_and_a_flood_does_not() -> None:
    doors = Doors()
    for _ in range(400):
        doors.register("203.0.113.9", 0)

    with pytest.raises(TooMany, match="Wait 5 seconds"):
        doors.register("203.0.113.9", 0)


def test_one_address_cannot_try_many_accounts() -> None:
    doors = Doors()

    for number in range(600):
        doors.enter(f"someone{number}@example.org", "203.0.113.9", 0)

    with pytest.raises(TooMany):
        doors.enter("one-more@example.org", "203.0.113.9", 0)


def test_many_addresses_cannot_guess_at_one_account_and_do_not_lock_its_owner_out() -> None:
    doors = Doors()
    doors.enter("ada@example.org", "198.51.100.7", 0)
    doors.entered("Ada@example.org ", "198.51.100.7", 0)
    for number in range(99):  # one was her own
        doors.enter("ada@example.org", f"203.0.{number}.9", 0)

    with pytest.raises(TooMany):
        doors.enter("ada@example.org", "203.0.113.9", 0)
    doors.enter("ada@example.org", "198.51.100.7", 60)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_counts_as_what_one_customer_has(address: str, network: str) -> None:
    assert network_of(address) == network
