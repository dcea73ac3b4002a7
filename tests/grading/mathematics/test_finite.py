"""The finite fields: their constants are what they are said to be, and e^u is the power it stands for."""

import random

import pytest

from app.grading.mathematics.finite import (
    PRIMES,
    TURN,
    exponential,
    growth,
    imaginary,
    rotation,
    square_root,
    turn,
)

LEVELS = range(len(PRIMES))
NESTED = range(len(PRIMES) - 1)


@pytest.mark.parametrize("level", LEVELS)
def test_the_roots_of_unity_have_their_order(level: int) -> None:
    prime, unit = PRIMES[level], turn(level)

    powers = {pow(unit, number, prime) for number in range(TURN)}

    assert len(powers) == TURN
    assert pow(unit, TURN, prime) == 1
    assert imaginary(level) ** 2 % prime == prime - 1


@pytest.mark.parametrize("level", NESTED)
def test_e_has_the_next_prime_as_its_period(level: int) -> None:
    assert growth(level) != 1
    assert exponential(PRIMES[level + 1], level) == 1


@pytest.mark.parametrize("level", NESTED)
def test_an_exponential_is_a_power_of_e(level: int) -> None:
    prime, period, chance = PRIMES[level], PRIMES[level + 1], random.Random(level)
    exponents = [0, 1, 63, 64, period - 1, *(chance.randrange(period) for _ in range(50))]

    assert [exponential(u, level) for u in exponents] == [pow(growth(level), u, prime) for u in exponents]
    assert rotation(1, level) == pow(growth(level), imaginary(level + 1), prime)


@pytest.mark.parametrize("level", LEVELS)
def test_a_square_has_its_root_and_a_non_square_none(level: int) -> None:
    prime = PRIMES[level]
    number = random.Random(level).randrange(prime)
    other = next(n for n in range(2, 10_000) if pow(n, (prime - 1) // 2, prime) != 1)

    assert square_root(number * number, level) in (number, prime - number)
    assert square_root(other, level) is None
