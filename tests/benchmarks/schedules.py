"""When requests of an open loop are due, in seconds from its beginning."""

from random import Random


def steady(per_second: float, seconds: float) -> list[float]:
    """Evenly spaced."""
    return [number / per_second for number in range(int(per_second * seconds))]


def burst(requests: int, mean: float, chance: Random) -> list[float]:
    """Exponentially after a signal, as people react: the peak, at the beginning, is requests / mean a second."""
    return sorted(chance.expovariate(1 / mean) for _ in range(requests))
