"""Places for the nodes of a graph: layers from left to right, in the direction of the arrows.

After Sugiyama, Tagawa and Toda (1981): layers by the longest path, a stand-in wherever an arrow passes a layer,
and an order within layers by the mean place of the neighbours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 4
LAYER_GAP, ROW_GAP = 60.0, 72.0  # pixels between the sides of nodes, and between their middles

Edge = tuple[str, str]
Key = tuple[str, ...]  # a node (id,), or the stand-in (from, to, layer) of an arrow
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Middles of the nodes, and for each arrow the places between that it passes."""

    nodes: Mapping[str, Place]
    passed: Mapping[Edge, tuple[Place, ...]]


def laid_out(widths: Mapping[str, float], edges: Sequence[Edge]) -> Layout:
    """`widths` are those of the nodes, in the order in which they should stand; every edge joins two of them."""
    layer_of = layers(widths, edges)
    chains = {edge: _chain(edge, layer_of) for edge in edges}
    rows = _ordered(_rows(widths, layer_of, chains), chains.values())
    places = _places(rows, widths)
    return Layout(
        {node: places[(node,)] for node in widths},
        {edge: tuple(places[key] for key in chain[1:-1]) for edge, chain in chains.items()},
    )


def layers(nodes: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Each node's layer: one after the last node before it. Arrows that close a circle do not count.

    An input stands just before the first node that it goes into.
    """
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        following[start].append(end)
    backwards, order = _backwards(following)
    layer = dict.fromkeys(following, 0)
    for node in order:
        for after in following[node]:
            if (node, after) not in backwards:
                layer[after] = max(layer[after], layer[node] + 1)
    entered = {end for start, end in edges if (start, end) not in backwards}
    for node in following.keys() - entered:
        ahead = [layer[after] for after in following[node] if (node, after) not in backwards]
        layer[node] = min(ahead, default=1) - 1
    return layer


def _backwards(following: Mapping[str, Sequence[str]]) -> tuple[set[Edge], list[str]]:
    """The arrows that close a circle, and an order of the nodes that all other arrows respect."""
    backwards: set[Edge] = set()
    finished: dict[str, None] = {}
    open_nodes: set[str] = set()
    for root in following:
        waiting = [(root, iter(following[root]))] if root not in finished else []
        open_nodes.update(node for node, _ in waiting)
        while waiting:
            node, ahead = waiting[-1]
            after = next(ahead, None)
            if after is None:
                finished[node] = None
                open_nodes.discard(node)
                waiting.pop()
            elif after in open_nodes:
                backwards.add((node, after))
            elif after not in finished:
                open_nodes.add(after)
                waiting.append((after, iter(following[after])))
    return backwards, list(reversed(finished))


def _chain(edge: Edge, layer_of: Mapping[str, int]) -> tuple[Key, ...]:
    start, end = edge
    between = range(layer_of[start] + 1, layer_of[end])
    return ((start,), *((start, end, str(layer)) for layer in between), (end,))


def _rows(
    nodes: Iterable[str], layer_of: Mapping[str, int], chains: Mapping[Edge, Sequence[Key]]
) -> list[list[Key]]:
    rows: list[list[Key]] = [[] for _ in range(max(layer_of.values(), default=0) + 1)]
    for node in nodes:
        rows[layer_of[node]].append((node,))
    for chain in chains.values():
        for stand_in in chain[1:-1]:
            rows[int(stand_in[2])].append(stand_in)
    return rows


def _ordered(rows: list[list[Key]], chains: Iterable[Sequence[Key]]) -> list[list[Key]]:
    """Each layer sorted by the mean place of its neighbours, forwards and backwards in turn."""
    before: dict[Key, list[Key]] = {}
    after: dict[Key, list[Key]] = {}
    for chain in chains:
        for left, right in pairwise(chain):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    for _ in range(SWEEPS):
        for fixed, row in pairwise(rows):
            _sort(row, fixed, before)
        for fixed, row in pairwise(reversed(rows)):
            _sort(row, fixed, after)
    return rows


def _sort(row: list[Key], fixed: Sequence[Key], neighbours: Mapping[Key, Sequence[Key]]) -> None:
    middle = (len(fixed) - 1) / 2
    place = {key: index - middle for index, key in enumerate(fixed)}
    own = {key: index - (len(row) - 1) / 2 for index, key in enumerate(row)}

    def mean_place(key: Key) -> float:
        known = [place[neighbour] for neighbour in neighbours.get(key, ()) if neighbour in place]
        return sum(known) / len(known) if known else own[key]

    row.sort(key=mean_place)


def _places(rows: Sequence[Sequence[Key]], widths: Mapping[str, float]) -> dict[Key, Place]:
    places: dict[Key, Place] = {}
    left = 0.0
    for row in rows:
        width = max((widths[key[0]] for key in row if len(key) == 1), default=0.0)
        for index, key in enumerate(row):
            places[key] = (left + width / 2, (index - (len(row) - 1) / 2) * ROW_GAP)
        left += width + LAYER_GAP
    return places
