"""Computation graphs as flows of data, and when two of them are the same: by what is computed from what.

Every value gets a key for "this operation on these values". Two graphs are the same when their results have
the same keys, however the nodes are named, placed, or drawn twice. Linear in the size of the graphs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Self

from app.grading.checks.labels import Meaning, meaning
from app.grading.fields.graph import Graph, Node

MOST_PARTS = 64

COMMUTING = ("×", "+")  # chains of these are one operation on many values


@dataclass(slots=True)
class Flow:
    """A graph with meanings: what each node is, and which nodes go into it.

    `unclear` are nodes whose label names no operation although values go in; `edges` are the arrows as drawn.
    """

    meanings: dict[str, Meaning] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    edges: frozenset[tuple[str, str]] = frozenset()

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
    drawing: Graph, inputs: Sequence[str], backwards: bool, told: Mapping[str, str] | None = None
) -> Flow:
    """The flow of what a student drew. Nodes without arrows do not count.

    `inputs` are the names that can be values; another name with one arrow going in only names that value.
    `told` gives operations of nodes whose labels are not understood.
    """
    edges = _oriented(drawing, backwards)
    connected = {end for edge in edges for end in edge}
    labels = {node.id: node.label for node in drawing.nodes}
    flow = Flow(edges=frozenset(drawing.edges))
    for node in drawing.nodes:
        if node.id in connected or not edges:
            sources = [start for start, end in edges if end == node.id]
            what = meaning(node.label, [labels[source] for source in sources])
            if told and node.id in told:
                what = Meaning("operation", told[node.id])
            elif sources and what.kind != "operation" and what.value not in inputs:
                flow.unclear.append(node.id)
            flow.meanings[node.id], flow.sources[node.id] = what, sources
    return flow


def _oriented(drawing: Graph, backwards: bool) -> list[tuple[str, str]]:
    """The arrows in the direction of the data. Backwards: turned round, save those that start at a number."""
    if not backwards:
        return list(drawing.edges)
    numbers = {node.id for node in drawing.nodes if _is_number(node)}
    return [(start, end) if start in numbers else (end, start) for start, end in drawing.edges]


def _is_number(node: Node) -> bool:
    return meaning(node.label).kind == "number"


class Interned:
    """Keys of values: equal keys mean the same operation on the same values."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str, tuple[int, ...]], int] = {}
        self._meanings: list[tuple[str, str, tuple[int, ...]]] = []

    def key(self, kind: str, value: str, parts: Sequence[int] = ()) -> int:
        """The key of a value; that of a sum of sums is that of one sum, and max with 0 is relu."""
        parts = [part for one in parts for part in self._spread(kind, value, one)]
        zero = ("number", "0", ())
        if (kind, value) in (("operation", "max"), ("operation", "relu")):
            others = [part for part in parts if self._meanings[part] != zero]
            if len(others) < len(parts):
                value, parts = "relu", others
        entry = (kind, value, tuple(sorted(set(parts))))
        if entry not in self._keys:
            self._keys[entry] = len(self._meanings)
            self._meanings.append(entry)
        return self._keys[entry]

    def _spread(self, kind: str, value: str, part: int) -> Sequence[int]:
        inner_kind, inner_value, parts = self._meanings[part]
        chain = kind == "operation" and value in COMMUTING and (inner_kind, inner_value) == (kind, value)
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


@dataclass(frozen=True, slots=True)
class Dataflow:
    """A flow reduced to keys.

    `results`: keys of what nothing follows; `order`: keys of the operations from the inputs on; `places`: a
    node for each key; `operations`: how often each occurs; `named`: a node for each name; `parts`: keys
    that go into a node.
    """

    results: frozenset[int]
    order: tuple[int, ...]
    places: Mapping[int, str]
    operations: Counter[str]
    named: Mapping[str, str]
    parts: Mapping[str, frozenset[int]]
    edges: frozenset[tuple[str, str]]
    circular: bool = False

    @classmethod
    def in_a_circle(cls) -> Self:
        """A graph from which nothing can be computed."""
        return cls(frozenset({-1}), (), {}, Counter(), {}, {}, frozenset(), circular=True)

    def node_of(self, operation: str, keys: Interned) -> str | None:
        """A node with this operation."""
        return next((node for key, node in self.places.items() if keys.meaning(key)[0] == operation), None)

    def inputs_of(self, node: str) -> frozenset[int]:
        """The keys that go into a node."""
        return self.parts.get(node, frozenset())


def reduced(flow: Flow, keys: Interned) -> Dataflow:
    """The keys of all nodes, from the inputs on."""
    ordered = _in_order(flow)
    if ordered is None:
        return Dataflow.in_a_circle()
    found: dict[str, int] = {}
    unclear = set(flow.unclear)
    for node in ordered:
        parts = [found[source] for source in flow.sources[node]]
        what = flow.meanings[node]
        found[node] = (
            parts[0] if node in unclear and len(parts) == 1 else keys.key(what.kind, what.value, parts)
        )
    used = {source for node in ordered for source in flow.sources[node]}
    results = frozenset(
        key for node, key in found.items() if node not in used and flow.meanings[node].kind != "number"
    )
    operations = [node for node in ordered if flow.meanings[node].kind == "operation"]
    order = tuple(dict.fromkeys(found[node] for node in operations))
    return Dataflow(
        results,
        order,
        {found[node]: node for node in reversed(ordered)},
        Counter(keys.meaning(key)[0] for key in order),
        {what.value: node for node, what in flow.meanings.items() if what.kind == "name"},
        {node: frozenset(found[source] for source in flow.sources[node]) for node in ordered},
        flow.edges,
    )


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
