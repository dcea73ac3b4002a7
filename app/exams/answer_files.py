"""Answers as files: marks for many attempts, one JSON line in, one out, in the order of the input."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.exams.garbage import settle_memory
from app.exams.json_lines import read_object
from app.exams.loader import Exam, load_exam
from app.grading.reports import attempt_json
from app.grading.types import FieldError

MOST_LINE = 2_000_000
CHUNK = 8
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of output and what was wrong with its line of input, one sentence each."""

    line: dict[str, Any]
    complaints: tuple[str, ...] = ()


def mark_lines(path: Path, lines: Iterable[str], jobs: int = 1) -> Iterator[Marked]:
    """Mark attempts as they come; memory does not grow with the number of lines.

    An attempt without an id, or with one that came before, is reported, and marked all the same.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    work = ((str(path), number, line) for number, line in numbered)
    seen: set[str] = set()
    for marked in _in_order(work, jobs):
        yield _with_faulty_id(marked, seen)


def _in_order(work: Iterator[tuple[str, int, str]], jobs: int) -> Iterator[Marked]:
    if jobs <= 1:
        yield from map(_mark_line, work)
        return
    with ProcessPoolExecutor(jobs) as pool:
        while batch := [item for _, item in zip(range(CHUNK * jobs * 4), work, strict=False)]:
            yield from pool.map(_mark_line, batch, chunksize=CHUNK)


def _with_faulty_id(marked: Marked, seen: set[str]) -> Marked:
    if "parts" not in marked.line:
        return marked
    name = json.dumps(marked.line.get("id"), sort_keys=True)
    reason = _fault_of_id(marked.line.get("id"), name in seen)
    seen.add(name)
    if not reason:
        return marked
    line = {**marked.line, "errors": [{"field": "id", "reason": reason}]}
    return Marked(line, (*marked.complaints, f"attempt {name}: {reason}"))


def _fault_of_id(name: object, came_before: bool) -> str:
    if isinstance(name, bool) or not isinstance(name, str | int | float):
        return "an id is a text or a number, and every attempt has one"
    return "this id came before" if came_before else ""


@cache
def _exam(path: str) -> Exam:
    """The exam, loaded once in each process that marks; it stays, so no search for garbage looks through it."""
    exam = load_exam(Path(path))
    settle_memory()
    return exam


def _mark_line(work: tuple[str, int, str]) -> Marked:
    path, number, line = work
    attempt = _attempt(line)
    if isinstance(attempt, str):
        return Marked({"line": number, "error": attempt}, (f"line {number}: {attempt}",))
    return mark_attempt(_exam(path), attempt)


def _attempt(line: str) -> dict[str, Any] | str:
    """The attempt of a line, or why it is none."""
    attempt = read_object(line, MOST_LINE)
    if isinstance(attempt, dict) and not isinstance(attempt.get("answers"), dict):
        return 'not an attempt: {"id": …, "answers": {part: {field: value}}} is expected'
    return attempt


def mark_attempt(exam: Exam, attempt: Mapping[str, Any]) -> Marked:
    """One attempt's marks; unknown parts and fields are only reported."""
    name = attempt.get("id")
    answers = attempt["answers"]
    marks = exam.mark(answers)
    complaints = [f"attempt {name}: {sentence}" for sentence in _unknown(exam, answers)]
    for part_id, part in marks.items():
        complaints += [_complaint(name, part_id, error) for error in part.errors]
    return Marked(attempt_json(name, marks), tuple(complaints))


def _complaint(name: object, part_id: str, error: FieldError) -> str:
    return f"attempt {name}, part {part_id}, field {error.field}: {error.reason}"


def _unknown(exam: Exam, answers: Mapping[str, Any]) -> Iterator[str]:
    for part_id, answer in answers.items():
        if part_id not in exam.parts:
            yield f"part {part_id}: the exam has no such part"
        elif isinstance(answer, dict):
            for field_id in answer.keys() - exam.parts[part_id].fields.keys():
                yield f"part {part_id}, field {field_id}: the part has no such field"
