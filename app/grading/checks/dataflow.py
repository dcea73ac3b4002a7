"""When two flows of data are the same: by what is computed from what.

Every value gets a key for "this operation on these values". Two graphs are the same when their results have
the same keys, however the nodes are named, placed, or drawn twice. Linear in the size of the graphs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from app.grading.checks.flow import Flow

MOST_PARTS = 64

COMMUTING = ("×", "+")  # chains of these are one operation on many values
_ZERO = ("number", "0", ())
_IN_A_CIRCLE = frozenset({-1})  # a key that no value has


class Interned:
    """Keys of values: equal keys mean the same operation on the same values."""

    def __init__(self, known: "Interned | None" = None) -> None:
        """The keys of `known`, and those of what is met later."""
        self._keys: dict[tuple[str, str, tuple[int, ...]], int] = dict(known._keys) if known else {}
        self._meanings: list[tuple[str, str, tuple[int, ...]]] = list(self._keys)

    def key(self, kind: str, value: str, parts: Sequence[int] = ()) -> int:
        """The key of a value; that of a sum of sums is that of one sum, and max with 0 is relu."""
        if kind == "operation":
            if value in COMMUTING:
                parts = self._spread(value, parts)
            elif value in ("max", "relu"):
                others = [part for part in parts if self._meanings[part] != _ZERO]
                if len(others) < len(parts):
                    value, parts = "relu", others
        entry = (kind, value, tuple(sorted(set(parts)))) if parts else (kind, value, ())
        key = self._keys.setdefault(entry, len(self._meanings))
        if key == len(self._meanings):
            self._meanings.append(entry)
        return key

    def _spread(self, operation: str, parts: Sequence[int]) -> Sequence[int]:
        """The parts, with what goes into the same operation in place of that."""
        spread: list[int] = []
        for part in parts:
            kind, value, inner = self._meanings[part]
            chained = value == operation and kind == "operation" and len(inner) <= MOST_PARTS
            spread += inner if chained else (part,)
        return spread

    def meaning(self, key: int) -> tuple[str, tuple[int, ...]]:
        """The operation (or name) and the keys of what goes in."""
        return self._meanings[key][1:]

    def words(self, key: int, depth: int = 2) -> str:
        """The value in words: "w × x", "relu(w × x)"."""
        value, parts = self.meaning(key)
        if not parts or depth == 0:
            return value
        names = sorted([self.words(part, depth - 1) for part in parts])
        if value in (*COMMUTING, "−", "÷"):
            return f" {value} ".join([f"({name})" if " " in name else name for name in names])
        return f"{value}({', '.join(names)})"


class Dataflow:
    """A flow reduced to keys, from the inputs on; in a circle nothing can be computed.

    Right drawings need their `results` only: everything else is worked out where it is asked for.
    """

    def __init__(self, flow: Flow, keys: Interned) -> None:
        self.flow, self._keys = flow, keys
        self.found: dict[str, int] = {}
        for node in flow.order or ():
            parts = [self.found[source] for source in flow.sources[node]]
            if len(parts) == 1 and node in flow.unclear:
                self.found[node] = parts[0]
            else:
                kind, value = flow.meanings[node]
                self.found[node] = keys.key(kind, value, parts)

    def results(self) -> frozenset[int]:
        """The keys of what nothing follows; in a circle a key that no value has."""
        if self.flow.order is None:
            return _IN_A_CIRCLE
        used = set(chain.from_iterable(self.flow.sources.values()))
        meanings = self.flow.meanings
        return frozenset(
            [key for node, key in self.found.items() if node not in used and meanings[node].kind != "number"]
        )

    def order(self) -> tuple[int, ...]:
        """The keys of the operations."""
        meanings = self.flow.meanings
        return tuple(
            dict.fromkeys([key for node, key in self.found.items() if meanings[node].kind == "operation"])
        )

    def operations(self) -> Counter[str]:
        """How often each operation occurs."""
        return Counter([self._keys.meaning(key)[0] for key in self.order()])

    def places(self) -> Mapping[int, str]:
        """A node for each key."""
        return {self.found[node]: node for node in reversed(self.found)}

    def inputs_of(self, node: str) -> frozenset[int]:
        """The keys that go into a node."""
        return frozenset([self.found[source] for source in self.flow.sources[node]])
