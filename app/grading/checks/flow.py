"""Computation graphs as flows of data: what each node means, and which nodes go into it."""

from collections.abc import Container, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from app.grading.checks.labels import Meaning, meaning
from app.grading.fields.graph import Graph

Sources = Mapping[str, list[str]]


class Flow(NamedTuple):
    """A graph with meanings: what each node is, and which nodes go into it.

    `order` has the nodes, sources first; None if there is a circle. `unclear` are nodes whose label names no operation
    although values go in; `edges` are the arrows as drawn.
    """

    meanings: Mapping[str, Meaning]
    sources: Sources
    order: Sequence[str] | None
    unclear: Sequence[str] = ()
    edges: Sequence[tuple[str, str]] = ()

    def told(self, node: str, operation: str) -> "Flow":
        """The same, with the operation of a node whose label is not understood."""
        meanings = {**self.meanings, node: Meaning("operation", operation)}
        return self._replace(meanings=meanings, unclear=[one for one in self.unclear if one != node])


def drawn(drawing: Graph, inputs: Container[str], backwards: bool) -> Flow:
    """The flow of what a student drew. Nodes without arrows do not count.

    `inputs` are the names that can be values; another name with one arrow going in only names that value.
    """
    labels = dict(drawing.nodes)
    edges = _turned(labels, drawing.edges) if backwards else drawing.edges
    connected = set(chain.from_iterable(edges)) if edges else labels
    sources: dict[str, list[str]] = {name: [] for name in labels if name in connected}
    for start, end in edges:
        sources[end].append(start)
    meanings, unclear = {}, []
    for name, starts in sources.items():
        what = meanings[name] = meaning(labels[name], tuple([labels[start] for start in starts]))
        if starts and what.kind != "operation" and what.value not in inputs:
            unclear.append(name)
    return Flow(meanings, sources, in_order(sources), unclear, drawing.edges)


def _turned(labels: Mapping[str, str], edges: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The arrows turned round, save those that start at a number."""
    numbers = {name for name, label in labels.items() if meaning(label).kind == "number"}
    return [(start, end) if start in numbers else (end, start) for start, end in edges]


def in_order(sources: Sources) -> list[str] | None:
    """The nodes, sources first; None if there is a circle."""
    waiting = {node: len(starts) for node, starts in sources.items()}
    followers: dict[str, list[str]] = {node: [] for node in waiting}
    for node, starts in sources.items():
        for start in starts:
            followers[start].append(node)
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
