"""Credits as discs: a disc is one credit, and each half of it is half a credit."""

from fractions import Fraction

MOST_DISCS = 4

EARNED, POSSIBLE, OPEN = "earned", "possible", "open"


def half_credits(
    most: Fraction, low: Fraction = Fraction(0), high: Fraction = Fraction(0)
) -> tuple[str, ...]:
    """One word per half credit: earned for certain, still possible, or open.

    >>> half_credits(Fraction(2), Fraction(1, 2), Fraction(1))
    ('earned', 'possible', 'open', 'open')

    Nothing for more credits than a glance can count.
    """
    if most > MOST_DISCS:
        return ()
    earned, possible, whole = (int(2 * points) for points in (low, high, most))
    return (EARNED,) * earned + (POSSIBLE,) * (possible - earned) + (OPEN,) * (whole - possible)
