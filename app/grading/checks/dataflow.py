"""Computation graphs as flows of data, and when two of them are the same: by what is computed from what.

Every value gets a key for "this operation on these values". Two graphs are the same when their results have
the same keys, however the nodes are named, placed, or drawn twice. Linear in the size of the graphs.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from app.grading.checks.labels import Meaning, meaning
from app.grading.fields.graph import Graph, Node

MOST_PARTS = 64

COMMUTING = ("×", "+")  # chains of these are one operation on many values
_ZERO = ("number", "0", ())


@dataclass(slots=True)
class Flow:
    """A graph with meanings: what each node is, and which nodes go into it.

    `unclear` are nodes whose label names no operation although values go in; `edges` are the arrows as drawn.
    """

    meanings: dict[str, Meaning] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    edges: Sequence[tuple[str, str]] = ()

    def name(self, name: str) -> str:
        return self._node(Meaning("name", name), [], name)

    def number(self, digits: str) -> str:
        return self._node(Meaning("number", str(Fraction(digits))), [], digits)

    def operation(self, name: str, sources: Sequence[str]) -> str:
        return self._node(Meaning("operation", name), sources, f"{name} {len(self.meanings)}")

    def _node(self, what: Meaning, sources: Sequence[str], node: str) -> str:
        self.meanings[node] = what
        self.sources[node] = list(sources)
        return node


def drawn(
    drawing: Graph, inputs: Container[str], backwards: bool, told: Mapping[str, str] | None = None
) -> Flow:
    """The flow of what a student drew. Nodes without arrows do not count.

    `inputs` are the names that can be values; another name with one arrow going in only names that value.
    `told` gives operations of nodes whose labels are not understood.
    """
    edges = _oriented(drawing, backwards)
    connected = {end for edge in edges for end in edge}
    labels = {node.id: node.label for node in drawing.nodes}
    sources: dict[str, list[str]] = {name: [] for name in labels if name in connected or not edges}
    for start, end in edges:
        sources[end].append(start)
    flow = Flow(sources=sources, edges=drawing.edges)
    for name, starts in sources.items():
        what = meaning(labels[name], tuple([labels[start] for start in starts]))
        if told and name in told:
            what = Meaning("operation", told[name])
        elif starts and what.kind != "operation" and what.value not in inputs:
            flow.unclear.append(name)
        flow.meanings[name] = what
    return flow


def _oriented(drawing: Graph, backwards: bool) -> Sequence[tuple[str, str]]:
    """The arrows in the direction of the data. Backwards: turned round, save those that start at a number."""
    if not backwards:
        return drawing.edges
    numbers = {node.id for node in drawing.nodes if _is_number(node)}
    return [(start, end) if start in numbers else (end, start) for start, end in drawing.edges]


def _is_number(node: Node) -> bool:
    return meaning(node.label).kind == "number"


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
                parts = [part for one in parts for part in self._spread(kind, value, one)]
            elif value in ("max", "relu"):
                others = [part for part in parts if self._meanings[part] != _ZERO]
                if len(others) < len(parts):
                    value, parts = "relu", others
        entry = (kind, value, tuple(sorted(set(parts))))
        key = self._keys.setdefault(entry, len(self._meanings))
        if key == len(self._meanings):
            self._meanings.append(entry)
        return key

    def _spread(self, kind: str, value: str, part: int) -> Sequence[int]:
        inner_kind, inner_value, parts = self._meanings[part]
        chain = (inner_kind, inner_value) == (kind, value)
        return parts if chain and len(parts) <= MOST_PARTS else (part,)

    def meaning(self, key: int) -> tuple[str, tuple[int, ...]]:
        """The operation (or name) and the keys of what goes in."""
        return self._meanings[key][1:]

    def words(self, key: int, depth: int = 2) -> str:
        """The value in words: "w × x", "relu(w × x)"."""
        value, parts = self.meaning(key)
        if not parts or depth == 0:
            return value
        names = sorted(self.words(part, depth - 1) for part in parts)
        if value in (*COMMUTING, "−", "÷"):
            return f" {value} ".join(f"({name})" if " " in name else name for name in names)
        return f"{value}({', '.join(names)})"


class Dataflow:
    """A flow reduced to keys, from the inputs on; in a circle nothing can be computed.

    Right drawings need their `results` only: everything else is worked out where it is asked for.
    """

    def __init__(self, flow: Flow, keys: Interned) -> None:
        self._flow, self._keys = flow, keys
        ordered = _in_order(flow)
        self.circular = ordered is None
        self._found: dict[str, int] = {}
        unclear = set(flow.unclear)
        for node in ordered or ():
            parts = [self._found[source] for source in flow.sources[node]]
            what = flow.meanings[node]
            self._found[node] = (
                parts[0] if node in unclear and len(parts) == 1 else keys.key(what.kind, what.value, parts)
            )

    @cached_property
    def results(self) -> frozenset[int]:
        """The keys of what nothing follows; in a circle a key that no value has."""
        if self.circular:
            return frozenset({-1})
        used = {source for node in self._found for source in self._flow.sources[node]}
        meanings = self._flow.meanings
        return frozenset(
            [key for node, key in self._found.items() if node not in used and meanings[node].kind != "number"]
        )

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The keys of the operations."""
        meanings = self._flow.meanings
        return tuple(
            dict.fromkeys([key for node, key in self._found.items() if meanings[node].kind == "operation"])
        )

    @cached_property
    def places(self) -> Mapping[int, str]:
        """A node for each key."""
        return {self._found[node]: node for node in reversed(self._found)}

    @cached_property
    def operations(self) -> Counter[str]:
        """How often each operation occurs."""
        return Counter([self._keys.meaning(key)[0] for key in self.order])

    @cached_property
    def named(self) -> Mapping[str, str]:
        """A node for each name."""
        return {what.value: node for node, what in self._flow.meanings.items() if what.kind == "name"}

    def has_arrow(self, start: str, end: str) -> bool:
        """Whether this arrow is drawn."""
        return (start, end) in self._flow.edges

    def node_of(self, operation: str) -> str | None:
        """A node with this operation."""
        return next(
            (node for key, node in self.places.items() if self._keys.meaning(key)[0] == operation), None
        )

    def inputs_of(self, node: str) -> frozenset[int]:
        """The keys that go into a node."""
        return frozenset([self._found[source] for source in self._flow.sources[node]])


def _in_order(flow: Flow) -> list[str] | None:
    """The nodes, sources first; None if there is a circle."""
    waiting = {node: len(sources) for node, sources in flow.sources.items()}
    followers: dict[str, list[str]] = {node: [] for node in waiting}
    for node, sources in flow.sources.items():
        for source in sources:
            followers[source].append(node)
    ready = [node for node, count in waiting.items() if count == 0]
    ordered = []
    while ready:
        node = ready.pop()
        ordered.append(node)
        for follower in followers[node]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return ordered if len(ordered) == len(waiting) else None
