"""Graph: a drawn computation graph. Value: Graph. Where nodes stand is no part of it."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from app.grading.fields.spec import FieldKind, Spec, malformed
from app.grading.fields.text import read_string
from app.grading.types import BLANK, Raw, Reading, Unreadable, Value

# As many as the list form of the page takes; it has a choice of all nodes at both ends of every arrow.
MOST_NODES = 60
MOST_EDGES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSpec(Spec):
    """A canvas for nodes with labels and arrows in the direction of the data."""

    kind: ClassVar[str] = "graph"


class Node(NamedTuple):
    """A node and what is written in it."""

    id: str
    label: str


class Graph(NamedTuple):
    """Nodes with distinct ids, and arrows (from, to) between them."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


def read(_spec: GraphSpec, raw: Raw) -> Reading:
    """The graph as drawn; a canvas without nodes is blank. Positions are dropped.

    >>> read(GraphSpec(), {"nodes": [{"id": "a", "label": "w", "x": 3}], "edges": []}).value.nodes
    (Node(id='a', label='w'),)
    """
    if raw is None:
        return BLANK
    if not isinstance(raw, dict) or not isinstance(raw.get("nodes", []), list):
        return malformed("a graph with nodes and edges")
    if not isinstance(raw.get("edges", []), list):
        return malformed("a graph with nodes and edges")
    raw_nodes, raw_edges = raw.get("nodes", []), raw.get("edges", [])
    if len(raw_nodes) > MOST_NODES or len(raw_edges) > MOST_EDGES:
        return Unreadable(f"This graph has more than {MOST_NODES} nodes or {MOST_EDGES} arrows.")
    return _read_parts(raw_nodes, raw_edges)


def _read_parts(raw_nodes: list[Raw], raw_edges: list[Raw]) -> Reading:
    nodes = [_read_node(raw) for raw in raw_nodes]
    known = {node.id for node in nodes if node}
    if len(known) < len(nodes):
        return malformed("a list of nodes, each with an id of its own and a label")
    edges = [edge for raw in raw_edges if (edge := _read_edge(raw, known))]
    if len(edges) < len(raw_edges):
        return malformed("a list of edges, each a pair of node ids")
    if not nodes:
        return BLANK
    return Value(Graph(tuple([node for node in nodes if node]), tuple(dict.fromkeys(edges))))


def _read_node(raw: Raw) -> Node | None:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        return None
    label = read_string(raw.get("label", ""))
    if isinstance(label, Unreadable):
        return None
    return Node(raw["id"], label.value if isinstance(label, Value) else "")


def _read_edge(raw: Raw, known: set[str]) -> tuple[str, str] | None:
    if not isinstance(raw, list) or len(raw) != 2:
        return None
    start, end = raw
    return (start, end) if isinstance(start, str) and isinstance(end, str) and known >= {start, end} else None


GRAPH = FieldKind("graph", GraphSpec, read)
