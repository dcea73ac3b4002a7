"""From the text of an exam file to an exam that can be sat and marked, or to all its faults with their places."""

import codecs
import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.exams.compiling import CannotCompile, compile_exam
from app.exams.schema import ExamFile, SamplesFile
from app.exams.yaml_reader import Document, Fault, Path, YamlFaults, read_yaml
from app.grading import mark
from app.grading.types import Answers, Part, PartMark

Model = TypeVar("Model", bound=BaseModel)

MOST_TOLD = 50


class ExamFaults(Exception):
    """Everything found wrong in an exam file, in the order of the file; the message tells the first of many."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name = name
        self.faults = sorted(faults)
        lines = [f"{name}:{one.line}:{one.column}: {one.message}" for one in self.faults[:MOST_TOLD]]
        if len(self.faults) > MOST_TOLD:
            lines.append(f"{name}: and {len(self.faults) - MOST_TOLD} more")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Exam:
    """An exam ready to be sat and marked. `hash` (SHA-256, hex) names this text for ever."""

    document: ExamFile
    parts: Mapping[str, Part]
    text: str
    hash: str
    places: Document

    def mark(self, answers: Answers) -> dict[str, PartMark]:
        """The marks of all parts, in the order of the paper."""
        return {part_id: mark(part, answers, self.parts) for part_id, part in self.parts.items()}


def load_exam(path: FilePath) -> Exam:
    """The exam of a file. Raises ExamFaults; OSError where the file cannot be read."""
    return read_exam(read_file(path), str(path))


def load_figures(path: FilePath) -> dict[str, bytes]:
    """The figures of an exam file: the SVG files in the folder of its name, by their names."""
    return {one.name: one.read_bytes() for one in sorted(path.with_suffix("").glob("*.svg"))}


def read_file(path: FilePath) -> str:
    """The text of a UTF-8 file. Raises ExamFaults with the place of the first byte that is none; OSError."""
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        lines = content[: error.start].decode().split("\n")
        fault = Fault(len(lines), len(lines[-1]) + 1, "not UTF-8 text; save the file as UTF-8")
        raise ExamFaults(str(path), [fault]) from error


def read_exam(text: str, name: str = "exam") -> Exam:
    """The exam of a text. Raises ExamFaults with all faults of the first stage that finds any."""
    places = _read(text, name)
    document = _validated(ExamFile, places, name)
    try:
        parts = compile_exam(document)
    except CannotCompile as error:
        faults = [Fault(*places.place(misfit.path), misfit.message) for misfit in error.misfits]
        raise ExamFaults(name, faults) from error
    return Exam(document, parts, text, hashlib.sha256(text.encode()).hexdigest(), places)


def load_samples(path: FilePath) -> tuple[SamplesFile, Document]:
    """The samples that stand beside an exam. Raises ExamFaults."""
    places = _read(read_file(path), str(path))
    return _validated(SamplesFile, places, str(path)), places


def _read(text: str, name: str) -> Document:
    try:
        return read_yaml(text)
    except YamlFaults as error:
        raise ExamFaults(name, list(error.faults)) from error


def _validated(model: type[Model], places: Document, name: str) -> Model:
    try:
        return model.model_validate(places.value)
    except ValidationError as error:
        raise ExamFaults(name, list(_faults(error, places))) from error


def _faults(error: ValidationError, places: Document) -> Iterator[Fault]:
    for one in error.errors(include_url=False):
        if _is_echo(one):
            continue
        path = _path_in(places, one["loc"])
        is_key = one["type"] in _UNKNOWN_KEY
        line, column = places.place(path, key=is_key)
        yield Fault(line, column, fault_message(one, path))


def _is_echo(one: Any) -> bool:
    """A list called too short only because its items are faulty; their own faults are told."""
    return one["type"] == "too_short" and bool(len(one["input"]) >= one["ctx"]["min_length"])


def _path_in(places: Document, location: tuple[str | int, ...]) -> Path:
    """The path in the file: without the steps that only the schema has."""
    path: Path = ()
    for step in location:
        if (*path, step) in places.places:
            path = (*path, step)
    return path


def fault_message(one: Any, path: Path) -> str:
    """What the validator found, at a path of the file, in the words of an author; a line."""
    where = ".".join(str(step) for step in path) or "the file"
    if one["type"] == "missing":
        return f"{where}: the key {one['loc'][-1]!r} is missing"
    if one["type"] in _UNKNOWN_KEY:
        return f"unknown key {one['loc'][-1]!r}{_meant(str(one['loc'][-1]))}"
    message = _plain_message(one)
    shown = json.dumps(one["input"], default=str) if not isinstance(one["input"], dict | list) else ""
    return f"{where}: {message[0].lower()}{message[1:]}" + (f" (here: {shown[:60]})" if shown else "")


def _plain_message(one: Any) -> str:
    known = _PLAINLY.get(one["type"]) or str(one["msg"]).removeprefix("Value error, ")
    return known.format_map(one.get("ctx", {})) if one["type"] in _PLAINLY else known


# What the validator says in the words of a programmer, in those of an author.
_PLAINLY = {
    "int_parsing": "A whole number is needed",
    "int_type": "A whole number is needed",
    "int_from_float": "A whole number is needed",
    "int_parsing_size": "A smaller number is needed",
    "float_parsing": "A number is needed",
    "float_type": "A number is needed",
    "greater_than_equal": "Must be {ge} or more",
    "less_than_equal": "Must be {le} or less",
    "literal_error": "Must be {expected}",
    "string_too_short": "Needs {min_length} characters or more",
    "string_type": "A text is needed; put it into quotes",
    "string_pattern_mismatch": "A name has letters, digits and hyphens only, begins with a letter or digit, and is short",
    "tuple_type": "A list is needed",
    "list_type": "A list is needed",
    "too_short": "A list of {min_length} or more is needed; this one has {actual_length}",
    "too_long": "A list of {max_length} or fewer is needed",
    "dict_type": "A mapping of keys to values is needed",
    "model_type": "A mapping of keys to values is needed",
    "model_attributes_type": "A mapping of keys to values is needed",
    "dataclass_type": "A mapping of keys to values is needed",
    "bool_parsing": "Needs true or false",
    "bool_type": "Needs true or false",
}


_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}  # of a model, of a rule


def _meant(key: str) -> str:
    near = difflib.get_close_matches(key, _KEYS, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _all_keys() -> list[str]:
    definitions = ExamFile.model_json_schema().get("$defs", {}).values()
    keys = {key for one in definitions for key in one.get("properties", {})}
    return sorted(keys | set(ExamFile.model_fields))


_KEYS = _all_keys()
