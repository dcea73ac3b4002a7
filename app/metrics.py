"""What this process has counted, and the text that Prometheus reads. Counting costs an addition and no lock.

An increment that two threads make at the same moment may get lost; no decision hangs on these numbers.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

Labeled = Mapping[Any, float]
"""Values by the texts of their labels, a tuple; a figure without labels has the empty one."""

SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0)
GROUPS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0)


class Histogram:
    """How many observations fell below each bound, and their sum."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        return sum(self.counts)


class Metrics:
    """One per store, which everything that counts has at hand."""

    def __init__(self) -> None:
        self.saves: defaultdict[str, int] = defaultdict(int)  # by outcome
        self.save_seconds = Histogram()
        self.group_sizes = Histogram(GROUPS)
        self.group_seconds = Histogram()
        self.failed_groups = 0
        self.grading_seconds = Histogram()  # of an attempt
        self.requests: defaultdict[tuple[str, str, int], int] = defaultdict(int)  # method, route, status
        self.request_seconds: defaultdict[str, Histogram] = defaultdict(Histogram)  # by route


def family(
    name: str, kind: Literal["counter", "gauge"], text: str, values: Labeled, *labels: str
) -> Iterator[str]:
    """The lines of one figure; `labels` name what the keys of `values` hold."""
    yield from _head(name, kind, text)
    for key, value in sorted(values.items()):
        yield f"{name}{_labels(zip(labels, key, strict=True))} {value:.17g}"


def histogram(name: str, text: str, values: Mapping[Any, Histogram], *labels: str) -> Iterator[str]:
    yield from _head(name, "histogram", text)
    for key, one in sorted(values.items()):
        mine = list(zip(labels, key, strict=True))
        below = 0
        for bound, count in zip((*map(str, one.bounds), "+Inf"), list(one.counts), strict=True):
            below += count
            yield f"{name}_bucket{_labels([*mine, ('le', bound)])} {below}"
        yield f"{name}_sum{_labels(mine)} {one.total:.17g}"
        yield f"{name}_count{_labels(mine)} {below}"


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _labels(pairs: Iterable[tuple[str, str]]) -> str:
    inside = ",".join(f'{name}="{_escaped(value)}"' for name, value in pairs)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
