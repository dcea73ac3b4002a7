"""YAML with places: plain values, and the line and column of every key and value.

YAML 1.2 meaning (`no` is text, `012` is 12, times are text). Sizes are limited before anything is built:
bytes, events, depth; aliases and tags are refused. Floats become `Decimal`, so that 0.1 stays exact.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MOST_BYTES = 2_000_000
MOST_EVENTS = 400_000
MOST_DEPTH = 40

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file: where (line and column count from 1) and what would be right."""

    line: int
    column: int
    message: str


class YamlFaults(Exception):
    """The text cannot be read as one plain document."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a file, and where each path stands."""

    value: Any
    places: dict[Path, tuple[int, int]]
    keys: dict[Path, tuple[int, int]]

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column of a path; of its nearest parent where the path itself is not in the file."""
        known = self.keys if key else self.places
        while path and path not in known:
            path, known = path[:-1], self.places
        return known.get(path, (1, 1))


# Plain scalars by the core schema of YAML 1.2; everything else is text.
_NULL = re.compile(r"(~|null|Null|NULL|)$")
_BOOL = re.compile(r"(true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"[-+]?[0-9]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?$")


def read_yaml(text: str) -> Document:
    """The one document of a text. Raises YamlFaults with every place that is wrong.

    `no` is the text "no"; a key given twice is refused, not overwritten.
    """
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise YamlFaults(Fault(1, 1, f"the file is larger than {MOST_BYTES // 1_000_000} MB"))
    if control := _CONTROL.search(text):
        raise YamlFaults(_fault_at(text, control.start()))
    try:
        _refuse_bombs(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFaults(_fault(mark, f"not YAML: {error.problem or error.context}")) from error
    except yaml.YAMLError as error:
        raise YamlFaults(Fault(1, 1, f"not YAML: {error}")) from error
    if root is None:
        raise YamlFaults(Fault(1, 1, "the file is empty"))
    return _Builder().document(root)


# What YAML allows in no place; in quotes it can be written as an escape.
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _fault_at(text: str, offset: int) -> Fault:
    lines = text[:offset].split("\n")
    return Fault(
        len(lines), len(lines[-1]) + 1, f"the character U+{ord(text[offset]):04X} is not allowed here"
    )


def _refuse_bombs(text: str) -> None:
    """One pass over the events, before the composer, which crashes on very deep nesting."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlFaults(_fault(event.start_mark, "anchors and aliases (& and *) are not allowed"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise YamlFaults(_fault(event.start_mark, f"nested more than {MOST_DEPTH} levels deep"))
        if count > MOST_EVENTS:
            raise YamlFaults(_fault(event.start_mark, "the file holds too many values"))


def _fault(mark: Any, message: str) -> Fault:
    return Fault(mark.line + 1, mark.column + 1, message) if mark else Fault(1, 1, message)


class _Builder:
    """Turns nodes into values and notes where they stand."""

    def __init__(self) -> None:
        self.places: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}
        self.faults: list[Fault] = []

    def document(self, root: Node) -> Document:
        value = self._value(root, ())
        if self.faults:
            raise YamlFaults(*self.faults)
        return Document(value, self.places, self.keys)

    def _value(self, node: Node, path: Path) -> Any:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.faults.append(_fault(key_node.start_mark, "a key must be plain text"))
                continue
            key = str(key_node.value)
            if key in values:
                self.faults.append(_fault(key_node.start_mark, f"the key {key!r} is given twice"))
            self.keys[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            values[key] = self._value(value_node, (*path, key))
        return values

    def _scalar(self, node: Node) -> str | int | bool | Decimal | None:
        text = str(node.value)
        if node.tag not in _PLAIN_TAGS:
            self.faults.append(_fault(node.start_mark, f"the tag {node.tag} is not allowed"))
        if getattr(node, "style", None):  # quoted or block text
            return text
        if _NULL.match(text):
            return None
        if _BOOL.match(text):
            return text.lower() == "true"
        if _INT.match(text):
            return int(text) if len(text) <= 30 else text
        return Decimal(text) if _FLOAT.match(text) else text


_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "null", "bool", "int", "float", "timestamp", "merge", "value")
)
