"""The check of a drawn computation graph: is it, by meaning, the graph of a formula?"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.grading.checks.dataflow import Dataflow, Flow, Interned, drawn
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.fields.graph import Graph as Drawing
from app.grading.types import Evidence, Verdict, View, met, not_met, unsure

MOST_NODES = 40
SHORTEST_OPERATION = 3
MOST_CHARACTERS = 200

_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}


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
    """The rule with its formula as a flow of data, and the keys of its values."""

    field: str
    expected: Dataflow
    keys: Interned
    backwards: bool


def prepare(rule: Graph, _setting: Setting) -> Prepared:
    """Read the formula."""
    try:
        statements = ast.parse(rule.is_[:MOST_CHARACTERS].replace("\n", ";")).body
        flow = _Author().read(statements)
    except (SyntaxError, ValueError, RecursionError):
        raise RuleError(f"{rule.is_!r} is not a formula with + - * / and functions", "is") from None
    keys = Interned()
    return Prepared(rule.field or "", Dataflow(flow, keys), keys, rule.arrows == "reversed")


class _Author:
    """Reads the author's formula into a flow; names that were given a formula before stand for it."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.steps: dict[str, str] = {}

    def read(self, statements: Sequence[ast.stmt]) -> Flow:
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.steps[name.casefold()] = self._add(value)
                case ast.Expr(value=value):
                    self._add(value)
                case _:
                    raise ValueError("not a formula")
        return self.flow

    def _add(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self.steps.get(name.casefold()) or self.flow.name(name.casefold())
            case ast.Constant(value=int() | float() as number):
                return self.flow.number(str(number))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                return self.flow.operation(_SIGNS[type(sign)], [self._add(left), self._add(right)])
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.flow.operation(name.casefold(), [self._add(one) for one in arguments])
        raise ValueError("not a formula")


def graph(rule: Prepared, view: View) -> Verdict:
    """The same operations on the same values, wherever the nodes stand and whatever signs name them.

    w, x → × → max ← 0 is the graph of `max(w*x, 0)`, and so is a ReLU node in place of the last two.
    Surprising: `x*(w+1)` computes the same as `w*x + x` but is another graph: not met.
    """
    drawing: Drawing = view.value(rule.field)
    if len(drawing.nodes) > MOST_NODES:
        return unsure(f"The graph has more than {MOST_NODES} nodes.")
    keys = Interned(rule.keys)
    flow = drawn(drawing, rule.expected.named, rule.backwards)
    student = Dataflow(flow, keys)
    if student.results == rule.expected.results:
        sentence = "The graph shows these operations on these values."
        return met(sentence, Evidence(rule.field, "graph", sentence))
    return _with_unknown_label(rule, drawing, flow, student, keys) or _explain(
        rule.field, rule.expected, student, keys
    )


def _with_unknown_label(
    rule: Prepared, drawing: Drawing, flow: Flow, student: Dataflow, keys: Interned
) -> Verdict | None:
    """Right, if one label that is not understood means the one operation that is missing: a person looks."""
    missing = rule.expected.operations - student.operations
    if missing.total() != 1:
        return None
    operation = next(iter(missing))
    labels = {node.id: node.label for node in drawing.nodes}
    for node in flow.unclear:
        if len(flow.sources[node]) == 1 and not _could_be_operation(labels[node]):
            continue
        told = drawn(drawing, rule.expected.named, rule.backwards, {node: operation})
        if Dataflow(told, keys).results == rule.expected.results:
            sentence = f"The label {labels[node]!r} is not understood; does it mean {operation}?"
            evidence = Evidence(rule.field, f"a node {operation}", sentence, {"node": node})
            return unsure(sentence, evidence, likely=_could_be_operation(labels[node]))
    return None


def _could_be_operation(label: str) -> bool:
    """Longer words, unless they name a result."""
    return len(label) >= SHORTEST_OPERATION and not re.match(
        r"(?i)\W*(out|result|ergebnis|pred|loss|y)", label
    )


def _explain(field: str, expected: Dataflow, student: Dataflow, keys: Interned) -> Verdict:
    """The first operation, from the inputs on, that is not there as it should be."""
    if student.circular:
        return not_met("The arrows run in a circle.")
    for key in expected.order:
        if key not in student.places:
            return _explain_operation(field, key, student, keys)
    extra = [node for key, node in student.places.items() if key not in expected.order]
    sentence = "There is something more in the graph that does not belong there."
    return not_met(sentence, *(Evidence(field, "graph", sentence, {"node": node}) for node in extra[:1]))


def _explain_operation(field: str, key: int, student: Dataflow, keys: Interned) -> Verdict:
    operation, parts = keys.meaning(key)
    if operation == "relu" and student.operations["max"] and not student.operations["relu"]:
        node = student.node_of("max")
        sentence = "The node max is not compared with 0."
        return not_met(sentence, Evidence(field, "max with 0", sentence, {"node": node}))
    node = student.node_of(operation)
    if node is None:
        sentence = f"There is no node for {keys.words(key)}."
        return not_met(sentence, Evidence(field, f"a node {operation}", sentence))
    missing = [part for part in parts if part not in student.inputs_of(node)]
    if not missing:
        sentence = f"More goes into the node {operation} than {keys.words(key)}."
        return not_met(sentence, Evidence(field, keys.words(key), sentence, {"node": node}))
    return _explain_arrow(field, operation, node, missing[0], student, keys)


def _explain_arrow(
    field: str, operation: str, node: str, part: int, student: Dataflow, keys: Interned
) -> Verdict:
    source = student.places.get(part) or student.named.get(keys.meaning(part)[0])
    rule, name = f"an arrow from {keys.words(part)} to {operation}", keys.words(part)
    if source is not None and student.has_arrow(node, source):
        sentence = f"The arrow between {name} and {operation} points the wrong way."
        return not_met(sentence, Evidence(field, rule, sentence, {"edge": [node, source]}))
    sentence = f"There is no arrow from {name} to {operation}."
    return not_met(sentence, Evidence(field, rule, sentence, {"node": node}))


GRAPH_CHECKS = {"graph": CheckKind(Graph, graph, ("graph",), short="is_", prepare=prepare)}
