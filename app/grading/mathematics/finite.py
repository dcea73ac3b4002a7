"""Three finite fields that stand in for the real numbers when formulas are compared exactly.

A formula evaluated at a random point of a large prime field is zero only if it is zero everywhere, but for a chance
of about degree/prime (Schwartz 1980, Zippel 1979). Exponentials fit in by a second field: where q divides p - 1,
u ↦ g^u turns sums mod q into products mod p (Gonnet 1984), so exp(x)·exp(y) = exp(x+y) holds exactly. Sine and
cosine are exponentials of i·u. Each prime is 1 modulo 120·7·11·13·17·19·23·29·31, so that i, the roots of small
primes and the cosines of multiples of 3° exist.
"""

from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise

PRIMES = (
    61967153152643868192543264722557295775126124972540706041,
    269137537357204131319440455022102065587321,
    1237940039285399194757932921,
)
TURN = 120  # roots of unity: exp(iπ·r) exists where 60·r is whole


@lru_cache(maxsize=65536)
def chance(seed: int, key: str, level: int) -> int:
    """A fixed pseudo-random number mod PRIMES[level], not zero: the value of an unknown."""
    digest = blake2b(f"{seed}|{level}|{key}".encode(), digest_size=32).digest()
    return int.from_bytes(digest, "big") % (PRIMES[level] - 1) + 1


def inverse(value: int, level: int) -> int:
    """1/value; raises ZeroDivisionError where there is none."""
    if value % PRIMES[level] == 0:
        raise ZeroDivisionError
    return pow(value, -1, PRIMES[level])


def turn(level: int) -> int:
    """A primitive 120th root of unity."""
    return _TURNS[level]


def imaginary(level: int) -> int:
    """A square root of -1."""
    return _IMAGINARIES[level]


def growth(level: int) -> int:
    """e: a number whose powers have the period PRIMES[level + 1]."""
    return _GROWTHS[level]


def exponential(exponent: int, level: int) -> int:
    """e^u, where u is given mod PRIMES[level + 1]."""
    prime, power = PRIMES[level], 1
    for row in _GROWTH_ROWS[level]:
        power = power * row[exponent & _ROW_MASK] % prime
        exponent >>= _ROW_BITS
    return power


def rotation(exponent: int, level: int) -> int:
    """e^(iu), where u is given mod PRIMES[level + 1]."""
    return exponential(exponent * imaginary(level + 1) % PRIMES[level + 1], level)


@cache
def root_of_prime(number: int, level: int) -> int | None:
    """The square root of a small prime that fits the cosines: cos(π/4) = √2/2, cos(π/6) = √3/2, cos(π/5) = (1+√5)/4."""
    prime, unit = PRIMES[level], turn(level)
    for small, step, double, plus in ((2, 15, 1, 0), (3, 10, 1, 0), (5, 24, 2, 1)):
        if number == small:
            return (double * (pow(unit, step, prime) + pow(unit, -step, prime)) + plus) % prime
    return square_root(number, level)


@lru_cache(maxsize=8192)
def square_root(value: int, level: int) -> int | None:
    """One of the two square roots, always the same; None if there is none (Tonelli 1891, Shanks 1973)."""
    prime = PRIMES[level]
    value %= prime
    if value == 0:
        return 0
    if pow(value, (prime - 1) // 2, prime) != 1:
        return None
    odd, twos = prime - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    step = pow(_NO_SQUARES[level], odd, prime)
    root, rest = pow(value, (odd + 1) // 2, prime), pow(value, odd, prime)
    while rest != 1:
        order, square = 0, rest
        while square != 1:
            order, square = order + 1, square * square % prime
        factor = pow(step, 1 << (twos - order - 1), prime)
        root, step = root * factor % prime, factor * factor % prime
        rest, twos = rest * step % prime, order
    return min(root, prime - root)


def small_fraction(value: int, level: int) -> tuple[int, int] | None:
    """The fraction with small terms that has this value, if there is one (Wang 1981)."""
    prime = PRIMES[level]
    limit = 1 << (prime.bit_length() // 2 - 8)
    low, high, a, b = value % prime, prime, 1, 0
    while low > limit:
        quotient = high // low
        low, high, a, b = high - quotient * low, low, b - quotient * a, a
    return (low if a > 0 else -low, abs(a)) if 0 < abs(a) <= limit else None


def _turn(prime: int) -> int:
    for base in range(2, 1000):
        root = pow(base, (prime - 1) // TURN, prime)
        if all(pow(root, TURN // factor, prime) != 1 for factor in (2, 3, 5)):
            return root
    raise ArithmeticError("no root of unity")


def _growth_rows(level: int) -> tuple[tuple[int, ...], ...]:
    """Powers of e by pieces of the exponent: row n holds e^(piece·2^(n·bits)) for every piece."""
    prime, step, rows = PRIMES[level], growth(level), []
    for _ in range(-(-PRIMES[level + 1].bit_length() // _ROW_BITS)):
        row = [1]
        for _ in range(_ROW_MASK):
            row.append(row[-1] * step % prime)
        rows.append(tuple(row))
        step = row[-1] * step % prime
    return tuple(rows)


# What belongs to the fields themselves, worked out once.
_TURNS = tuple(map(_turn, PRIMES))
_IMAGINARIES = tuple(pow(unit, TURN // 4, prime) for unit, prime in zip(_TURNS, PRIMES, strict=True))
_GROWTHS = tuple(pow(7, (prime - 1) // period, prime) for prime, period in pairwise(PRIMES))
_ROW_BITS = 6
_ROW_MASK = (1 << _ROW_BITS) - 1
_GROWTH_ROWS = tuple(map(_growth_rows, range(len(PRIMES) - 1)))
_NO_SQUARES = tuple(
    next(number for number in range(2, 10_000) if pow(number, (prime - 1) // 2, prime) == prime - 1)
    for prime in PRIMES
)
