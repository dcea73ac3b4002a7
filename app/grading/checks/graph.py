"""The check of a drawn computation graph: is it, by meaning, the graph of a formula?"""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.grading.checks.dataflow import Dataflow, Interned
from app.grading.checks.flow import Flow, drawn
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.checks.written_flow import written
from app.grading.fields.graph import Graph as Drawing
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure

MOST_NODES = 40
SHORTEST_OPERATION = 3


@dataclass(frozen=True, slots=True)
class Graph:
    """The graph of this formula: one node for each operation, arrows in the direction of the data.

    `graph: "y = max(w*x + x, 0)"`; with steps: `graph: "m = w*x; y = relu(m + x)"`

    A name is one value however often it is drawn; a node for the result may be missing; max with 0 is ReLU.
    `arrows: reversed` asks for the same graph with every arrow the wrong way (those of numbers apart).
    """

    is_: str
    arrows: Literal["forward", "reversed"] = "forward"
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its formula as a flow of data: the keys of its values, those of its results and its operations.

    `inputs` are the names in it; `drawing` is the key under which rules share what was drawn.
    """

    field: str
    keys: Interned
    results: frozenset[int]
    order: tuple[int, ...]
    operations: Counter[str]
    inputs: frozenset[str]
    backwards: bool
    drawing: Hashable


def prepare(rule: Graph, _setting: Setting) -> Prepared:
    """Read the formula."""
    try:
        flow = written(rule.is_)
    except (SyntaxError, ValueError, RecursionError):
        raise RuleError(f"{rule.is_!r} is not a formula with + - * / and functions", "is") from None
    keys = Interned()
    values = Dataflow(flow, keys)
    inputs = frozenset([what.value for what in flow.meanings.values() if what.kind == "name"])
    field, backwards = rule.field or "", rule.arrows == "reversed"
    shared = ("drawn", field, inputs, backwards)
    return Prepared(
        field, keys, values.results(), values.order(), values.operations(), inputs, backwards, shared
    )


def graph(rule: Prepared, view: View) -> Verdict:
    """The same operations on the same values, wherever the nodes stand and whatever signs name them.

    w, x → × → max ← 0 is the graph of `max(w*x, 0)`, and so is a ReLU node in place of the last two.
    Surprising: `x*(w+1)` computes the same as `w*x + x` but is another graph: not met.
    """
    drawing: Drawing = view.value(rule.field)
    if len(drawing.nodes) > MOST_NODES:
        return unsure(f"The graph has more than {MOST_NODES} nodes.")
    flow = view.once(rule.drawing, lambda: drawn(drawing, rule.inputs, rule.backwards))
    keys = Interned(rule.keys)
    student = Dataflow(flow, keys)
    if student.results() == rule.results:
        sentence = "The graph shows these operations on these values."
        return met(sentence, Evidence(rule.field, "graph", sentence))
    return _with_unknown_label(rule, drawing, student, keys) or _explain(rule, student, keys)


def _with_unknown_label(
    rule: Prepared, drawing: Drawing, student: Dataflow, keys: Interned
) -> Verdict | None:
    """Right, if one label that is not understood means the one operation that is missing: a person looks."""
    flow, labels = student.flow, dict(drawing.nodes)
    unclear = [
        node for node in flow.unclear if len(flow.sources[node]) > 1 or _could_be_operation(labels[node])
    ]
    missing = rule.operations - student.operations() if unclear else Counter()
    if missing.total() != 1:
        return None
    operation = next(iter(missing))
    for node in unclear:
        if Dataflow(flow.told(node, operation), keys).results() == rule.results:
            sentence = f"The label {labels[node]!r} is not understood; does it mean {operation}?"
            evidence = Evidence(rule.field, f"a node {operation}", sentence, {"node": node})
            return unsure(sentence, evidence, likely=_could_be_operation(labels[node]))
    return None


def _could_be_operation(label: str) -> bool:
    """Longer words, unless they name a result."""
    return len(label) >= SHORTEST_OPERATION and not re.match(
        r"(?i)\W*(out|result|ergebnis|pred|loss|y)", label
    )


def _explain(rule: Prepared, student: Dataflow, keys: Interned) -> Verdict:
    """The first operation, from the inputs on, that is not there as it should be."""
    if student.flow.order is None:
        return not_met("The arrows run in a circle.")
    places = student.places()
    for key in rule.order:
        if key not in places:
            return _Explained(rule.field, student, keys, places).operation(key)
    extra = [node for key, node in places.items() if key not in rule.order]
    sentence = "There is something more in the graph that does not belong there."
    return not_met(sentence, *(Evidence(rule.field, "graph", sentence, {"node": node}) for node in extra[:1]))


class _Explained(NamedTuple):
    """What a student drew, with a node for each key."""

    field: str
    student: Dataflow
    keys: Interned
    places: Mapping[int, str]

    def operation(self, key: int) -> Verdict:
        """Why there is no such operation."""
        operation, parts = self.keys.meaning(key)
        node, largest = self._node_of(operation), self._node_of("max")
        if operation == "relu" and node is None and largest is not None:
            return self._wrong(largest, "max with 0", "The node max is not compared with 0.")
        if node is None:
            sentence = f"There is no node for {self.keys.words(key)}."
            return not_met(sentence, Evidence(self.field, f"a node {operation}", sentence))
        given = self.student.inputs_of(node)
        for part in parts:
            if part not in given:
                return self._arrow(operation, node, part)
        words = self.keys.words(key)
        return self._wrong(node, words, f"More goes into the node {operation} than {words}.")

    def _arrow(self, operation: str, node: str, part: int) -> Verdict:
        """Why nothing goes from a value into a node."""
        flow, name = self.student.flow, self.keys.words(part)
        source = self.places.get(part) or _named(flow, self.keys.meaning(part)[0])
        rule = f"an arrow from {name} to {operation}"
        if source is not None and (node, source) in flow.edges:
            sentence = f"The arrow between {name} and {operation} points the wrong way."
            return not_met(sentence, Evidence(self.field, rule, sentence, {"edge": [node, source]}))
        return self._wrong(node, rule, f"There is no arrow from {name} to {operation}.")

    def _wrong(self, node: str, rule: str, sentence: str) -> Verdict:
        return not_met(sentence, Evidence(self.field, rule, sentence, {"node": node}))

    def _node_of(self, operation: str) -> str | None:
        """A node with this operation."""
        for key, node in self.places.items():
            if self.keys.meaning(key)[0] == operation:
                return node
        return None


def _named(flow: Flow, name: str) -> str | None:
    """The last node that has this name."""
    nodes = [node for node, what in flow.meanings.items() if what == ("name", name)]
    return nodes[-1] if nodes else None


GRAPH_CHECKS = {"graph": CheckKind(Graph, graph, ("graph",), short="is_", prepare=prepare)}
