"""What a benchmark says: one line for each result, and whether it is good enough."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.class_room import ClassRoom


@dataclass(frozen=True, slots=True)
class Bar:
    """What must be reached and what is wanted; `at_most` where less is better."""

    floor: float
    goal: float
    at_most: bool = False

    def holds(self, value: float, bar: float) -> bool:
        return value <= bar if self.at_most else value >= bar


@dataclass(frozen=True, slots=True)
class Result:
    """`ratios` has one entry for each repeat, `note` the figures behind them."""

    name: str
    case: str
    ratios: tuple[float, ...]
    bar: Bar | None
    note: str = ""

    @property
    def value(self) -> float:
        return median(self.ratios)

    @property
    def is_enough(self) -> bool:
        return self.bar is None or self.bar.holds(self.value, self.bar.floor)

    def __str__(self) -> str:
        head = f"{self.name} {self.case} {self.value:.2f}"
        spread = f"[{min(self.ratios):.2f}..{max(self.ratios):.2f}]"
        if self.bar is None:
            return f"{head}  {spread} {self.note}".rstrip()
        verdict = "ok" if self.is_enough else "MISSED"
        goal = "reached" if self.bar.holds(self.value, self.bar.goal) else "not reached"
        sense = "at most, " if self.bar.at_most else ""
        return f"{head} floor {self.bar.floor:.2f} {verdict}  ({sense}goal {self.bar.goal:.2f} {goal}) {spread} {self.note}".rstrip()


Run = Callable[[ClassRoom], Iterable[Result]]
Step = Callable[[str], None]


class WrongRows(Exception):
    """What was acknowledged is not what is stored: no rate counts."""


def ratios(over: Iterable[float], under: Iterable[float]) -> tuple[float, ...]:
    """Of each repeat by itself: both sides met the same conditions."""
    return tuple(one / other for one, other in zip(over, under, strict=True))


def per_second(rates: Iterable[float]) -> str:
    return f"{median(rates):,.0f}/s"


def milliseconds(times: Iterable[float]) -> str:
    return f"{median(times) * 1000:.1f} ms"
