"""A check that runs a small network of the student's own weights on inputs, and looks at what comes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import mul
from typing import Any, Literal

from app.grading.checks.arithmetic import Exact, Written, exact, fast, plain
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.checks.matrix import given_cells
from app.grading.types import Evidence, Verdict, View, met, not_met

Activation = Literal["step", "relu", "identity"]

Numbers = tuple[list[Any], Any]  # the weights and the bias of a neuron, exact; None where blank

ACTIVATIONS: Mapping[str, Callable[[Exact], Exact]] = {
    "step": lambda value: int(value > 0),
    "relu": lambda value: max(value, 0),
    "identity": lambda value: value,
}


@dataclass(frozen=True, slots=True)
class Neuron:
    """The fields of one neuron: a matrix with its weights, and a number with its bias (none if left out)."""

    weights: str
    bias: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """The network computes these outputs, whatever its weights are.

    `network: {layers: [[{weights: w11, bias: b11}, {weights: w12, bias: b12}], [{weights: w21, bias: b21}]],
    activation: step, allowed: [-1, 0, 1], inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], outputs: [0, 1, 1, 0]}`

    `step` is 1 above 0 and else 0. `outputs` has one number for each input. `allowed` lists all values that
    weights and biases may have (any if left out).
    """

    layers: tuple[tuple[Neuron, ...], ...]
    inputs: tuple[tuple[Written, ...], ...]
    outputs: tuple[Written, ...]
    activation: Activation = "step"
    allowed: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rule with its numbers read."""

    layers: tuple[tuple[Neuron, ...], ...]
    cases: tuple[tuple[tuple[Exact, ...], Exact], ...]
    activation: Callable[[Exact], Exact]
    allowed: frozenset[Exact]
    allowed_list: str


def prepare_network(rule: Network, setting: Setting) -> Prepared:
    """Read the numbers; there must be one output for each input and one neuron in the last layer."""
    if len(rule.inputs) != len(rule.outputs) or not rule.inputs:
        raise RuleError("there must be one output for each input", "outputs")
    if not rule.layers or len(rule.layers[-1]) != 1:
        raise RuleError("the last layer must be one neuron", "layers")
    for number, layer in enumerate(rule.layers):
        for neuron in layer:
            _refuse_wrong_kinds(neuron, number, setting)
    inputs = (tuple(fast(exact(value)) for value in values) for values in rule.inputs)
    cases = tuple(zip(inputs, (fast(exact(value)) for value in rule.outputs), strict=True))
    allowed = sorted(map(exact, rule.allowed))
    listed = ", ".join(map(plain, allowed))
    return Prepared(rule.layers, cases, ACTIVATIONS[rule.activation], frozenset(map(fast, allowed)), listed)


def _refuse_wrong_kinds(neuron: Neuron, layer: int, setting: Setting) -> None:
    for name, kind in ((neuron.weights, "matrix"), (neuron.bias, "number")):
        if name and getattr(setting.spec(name), "kind", kind) != kind:
            raise RuleError(f"{name!r} must be a field of kind {kind}", "layers", layer)


def network(rule: Prepared, view: View) -> Verdict:
    """What the student built, run on every input.

    OR and AND as hidden neurons compute XOR as well as the pair of the solution.
    Surprising: right weights with one cell left blank are not met, as a blank is never read as 0.
    """
    layers = [[_numbers(neuron, view) for neuron in layer] for layer in rule.layers]
    entered = {value for layer in layers for weights, bias in layer for value in (*weights, bias)}
    if None in entered or (rule.allowed and not entered <= rule.allowed):
        faults = [fault for layer in rule.layers for neuron in layer for fault in _faults(rule, neuron, view)]
    else:
        faults = _misfits(rule, layers)
    if faults:
        return not_met(faults[0].sentence, *faults)
    for inputs, target in rule.cases:
        output = _run(layers, rule.activation, inputs)
        if output != target:
            return _wrong_output(rule, inputs, output, target)
    sentence = f"Your network gives the right output for all {len(rule.cases)} inputs."
    return met(sentence, Evidence(rule.layers[0][0].weights, "computes the outputs", sentence))


def _wrong_output(rule: Prepared, inputs: Sequence[Exact], output: Exact, target: Exact) -> Verdict:
    given = ", ".join(plain(value) for value in inputs)
    sentence = f"For the input {given} your network gives {plain(output)}; expected is {plain(target)}."
    return not_met(sentence, Evidence(rule.layers[-1][0].weights, "computes the outputs", sentence))


def _numbers(neuron: Neuron, view: View) -> Numbers:
    """The cells of the matrix in reading order (a row and a column are the same vector), and the bias."""
    bias = view.value(neuron.bias) if neuron.bias else 0
    weights = list(chain.from_iterable(given_cells(neuron.weights, view)))
    return weights, bias if bias is None else fast(bias)


def _faults(rule: Prepared, neuron: Neuron, view: View) -> list[Evidence]:
    """Blank cells and values that are not allowed."""
    cells = [
        (neuron.weights, {"row": row, "col": col}, value)
        for row, values in enumerate(given_cells(neuron.weights, view))
        for col, value in enumerate(values)
    ]
    cells += [(neuron.bias, {}, view.value(neuron.bias))] if neuron.bias else []
    found = []
    for field, place, value in cells:
        if value is None:
            found.append(Evidence(field, "no blank cells", f"{field} has a blank cell.", place))
        elif rule.allowed and value not in rule.allowed:
            sentence = f"{field} holds {plain(value)}; allowed are {rule.allowed_list}."
            found.append(Evidence(field, f"allowed: {rule.allowed_list}", sentence, place))
    return found


def _misfits(rule: Prepared, layers: Sequence[Sequence[Numbers]]) -> list[Evidence]:
    """Weights that are not as many as the values that come in."""
    found, width = [], len(rule.cases[0][0])
    for neurons, numbers in zip(rule.layers, layers, strict=True):
        for neuron, (weights, _) in zip(neurons, numbers, strict=True):
            if len(weights) != width:
                sentence = f"{neuron.weights} has {len(weights)} weights for {width} inputs."
                found.append(Evidence(neuron.weights, f"{width} weights", sentence))
        width = len(neurons)
    return found


def _run(
    layers: Sequence[Sequence[Numbers]], activation: Callable[[Exact], Exact], inputs: Sequence[Exact]
) -> Exact:
    """The output of layers of neurons, each with its weights and its bias."""
    values = inputs
    for layer in layers:
        values = [activation(sum(map(mul, weights, values), bias)) for weights, bias in layer]
    return values[0]


def _names(layers: tuple[tuple[Neuron, ...], ...]) -> tuple[str, ...]:
    names = (name for layer in layers for neuron in layer for name in (neuron.weights, neuron.bias))
    return tuple(name for name in names if name)


NETWORK_CHECKS = {
    "network": CheckKind(
        Network,
        network,
        ("matrix", "number"),
        prepare=prepare_network,
        reads=lambda rule: _names(rule.layers),
    ),
}
