"""How often something may be done. Kept in memory, by process; the time comes in as seconds of any clock."""

import ipaddress
from collections.abc import Hashable
from threading import Lock

from app.errors import TooMany

FEW = 10_000  # keys that may be kept before those that have come to rest are dropped


class Limit:
    """`burst` at once, then `per_second` in the long run, for each key apart.

    With a burst of 2 and one in ten seconds, `take` at the seconds 0, 0, 0, 10 gives 0, 0, 10 and 0.
    """

    def __init__(self, burst: float, per_second: float) -> None:
        self._span = burst / per_second
        self._pause = 1 / per_second
        self._rested: dict[Hashable, float] = {}  # when nothing of a key will count any more
        self._tidy_at = FEW
        self._lock = Lock()

    def take(self, key: Hashable, at: float, cost: float = 1) -> float:
        """Zero if it may be done now; else the seconds to wait, and nothing is counted."""
        with self._lock:
            wait = self._wait(key, at, cost)
            if not wait:
                self._count(key, at, cost)
        return wait

    def wait(self, key: Hashable, at: float, cost: float = 1) -> float:
        """As `take`, without counting anything."""
        rested = self._rested.get(key)
        if rested is None or rested <= at:  # the usual case, and the saves' hot path
            return 0
        with self._lock:
            return self._wait(key, at, cost)

    def count(self, key: Hashable, at: float, cost: float = 1) -> None:
        """Count what was done already, even beyond the limit."""
        with self._lock:
            self._count(key, at, cost)

    def spend(self, key: Hashable, at: float) -> None:
        """As `take`. Raises TooMany."""
        refuse_if(self.take(key, at))

    def _wait(self, key: Hashable, at: float, cost: float) -> float:
        rested = max(self._rested.get(key, at), at)
        over = rested + cost * self._pause - at - max(self._span, cost * self._pause)
        return over if over > 1e-6 else 0

    def _count(self, key: Hashable, at: float, cost: float) -> None:
        self._rested[key] = max(self._rested.get(key, at), at) + cost * self._pause
        if len(self._rested) > self._tidy_at:
            self._rested = {one: rested for one, rested in self._rested.items() if rested > at}
            self._tidy_at = max(FEW, 2 * len(self._rested))


class GrowingDelay:
    """After some tries without success each further one must wait twice as long as the last, up to a minute.

    Not longer: whoever shares a classmate's network could otherwise lock the classmate out.
    """

    def __init__(self, free: int = 5, longest: float = 60, forget_after: float = 3600) -> None:
        self._free = free
        self._longest = longest
        self._forget_after = forget_after
        self._tries: dict[Hashable, tuple[int, float]] = {}  # how many, and when the last was made
        self._tidy_at = FEW
        self._lock = Lock()

    def begin(self, key: Hashable, at: float) -> float:
        """Zero if a try may be made, which then counts until `succeeded`; else the seconds to wait."""
        with self._lock:
            tries, last = self._tries.get(key, (0, at))
            if at - last > self._forget_after:
                tries = 0
            wait = last + self._delay(tries) - at
            if wait > 0:
                return wait
            self._tries[key] = (tries + 1, at)
            self._tidy(at)
            return 0

    def succeeded(self, key: Hashable) -> None:
        with self._lock:
            self._tries.pop(key, None)

    def _delay(self, tries: int) -> float:
        over = tries - self._free
        return 0 if over < 0 else min(self._longest, 2.0 ** min(over, 30))

    def _tidy(self, at: float) -> None:
        if len(self._tries) > self._tidy_at:
            self._tries = {key: one for key, one in self._tries.items() if at - one[1] <= self._forget_after}
            self._tidy_at = max(FEW, 2 * len(self._tries))


class Doors:
    """What keeps passwords from being guessed and accounts from being made by the thousand.

    A room behind one address passes: several hundred people may sign in at once. Guessing at one account is
    slowed down by address, and over all addresses together; the latter does not hold for an address from
    which the account has been signed in to, so that its owner gets in while others guess.
    """

    def __init__(self) -> None:
        self._pairs = GrowingDelay()
        self._accounts = Limit(burst=100, per_second=1 / 30)
        self._addresses = Limit(burst=600, per_second=2)
        self._registrations = Limit(burst=400, per_second=1 / 5)
        self._welcome = Limit(burst=1, per_second=1 / (30 * 24 * 3600))  # remembered for a month

    def enter(self, email: str, address: str, at: float) -> None:
        """Before a password is looked at. Raises TooMany."""
        account, network = _account(email), network_of(address)
        refuse_if(self._addresses.take(network, at))
        refuse_if(self._pairs.begin((account, network), at))
        if not self._welcome.wait((account, network), at):
            refuse_if(self._accounts.take(account, at))

    def entered(self, email: str, address: str, at: float) -> None:
        """The password was right."""
        pair = (_account(email), network_of(address))
        self._pairs.succeeded(pair)
        self._welcome.take(pair, at)

    def register(self, address: str, at: float) -> None:
        """Before an account is made. Raises TooMany."""
        refuse_if(self._registrations.take(network_of(address), at))


def refuse_if(wait: float) -> None:
    """Raises TooMany where there is something to wait for."""
    if wait:
        raise TooMany(wait)


def network_of(address: str) -> str:
    """What one customer has: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _account(email: str) -> str:
    return email.strip().lower()[:254]
