"""Every exam proves itself: its samples, its model answers, and that nothing can be had for nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from app.exams.loader import Exam, ExamFaults, load_samples
from app.exams.schema import PartRule, Sample
from app.exams.yaml_reader import Document, Fault, Path
from app.grading import mark
from app.grading.types import PartMark


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proved exam holds."""

    parts: int
    credits: float
    samples: int


Watch = Callable[[Iterable[Any], int], Iterable[Any]]  # sees each part go by; the number of parts


def prove_exam(exam: Exam, path: FilePath, watch: Watch = lambda parts, _: parts) -> Proof:
    """Prove an exam with the samples beside its file. Raises ExamFaults with every broken statement."""
    faults = [
        fault
        for place, part in watch(_placed(exam), len(exam.parts))
        for fault in _own_faults(exam, place, part)
    ]
    samples = sum(len(part.samples) for part in exam.document.parts)
    beside = path.with_suffix(".samples.yaml")
    if faults:
        raise ExamFaults(str(path), faults)
    if beside.exists():
        samples += _prove_beside(exam, beside)
    return Proof(len(exam.parts), float(exam.document.points), samples)


def _placed(exam: Exam) -> Iterator[tuple[Path, PartRule]]:
    """Every part with its path in the file."""
    for number, problem in enumerate(exam.document.problems):
        for index, part in enumerate(problem.parts):
            yield ("problems", number, "parts", index), part


def _own_faults(exam: Exam, path: Path, part: PartRule) -> Iterator[Fault]:
    yield from _built_in_faults(exam, part, path)
    for place, sample in enumerate(part.samples):
        yield from _sample_faults(exam, part.id, sample, exam.places, (*path, "samples", place))


def _prove_beside(exam: Exam, path: FilePath) -> int:
    file, places = load_samples(path)
    faults: list[Fault] = []
    for part_id, samples in file.samples.items():
        if part_id not in exam.parts:
            line, column = places.place(("samples", part_id), key=True)
            faults.append(Fault(line, column, f"the exam has no part {part_id!r}"))
            continue
        for index, sample in enumerate(samples):
            faults += _sample_faults(exam, part_id, sample, places, ("samples", part_id, index))
    if faults:
        raise ExamFaults(str(path), faults)
    return sum(len(samples) for samples in file.samples.values())


def _built_in_faults(exam: Exam, part: PartRule, path: Path) -> Iterator[Fault]:
    """The model answer earns everything, settled; a blank one nothing; ticking every box not everything."""
    model = mark(exam.parts[part.id], {part.id: part.model_answer}, exam.parts)
    if model.low != part.points or model.review:
        place = exam.places.place((*path, "model_answer"), key=True)
        yield Fault(
            *place, f"{part.id}: the model answer must get {_number(part.points)}, got {_told(model)}"
        )
    blank = mark(exam.parts[part.id], {}, exam.parts)
    if blank.high != 0:
        yield Fault(*exam.places.place(path), f"{part.id}: a blank answer gets {_number(blank.high)}")
    everything = {
        name: list(range(1, len(spec.options) + 1))
        for name, spec in part.fields.items()
        if spec.kind == "choices"
    }
    if everything and part.model_answer != everything:
        ticked = mark(exam.parts[part.id], {part.id: everything}, exam.parts)
        if ticked.points == part.points:
            yield Fault(*exam.places.place(path), f"{part.id}: ticking every box gets full points")


def _sample_faults(exam: Exam, part_id: str, sample: Sample, places: Document, path: Path) -> Iterator[Fault]:
    unknown = set(sample.answer) - set(exam.parts[part_id].fields)
    if unknown:
        yield Fault(*places.place((*path, "answer")), f"{part_id} has no field {', '.join(sorted(unknown))}")
        return
    found = mark(exam.parts[part_id], {part_id: sample.answer, **sample.others}, exam.parts)
    line, column = places.place(path)
    if found.points != sample.points:
        yield Fault(line, column, f"{part_id}: must get {_number(sample.points)}, got {_told(found)}")
    if sample.review is not None and found.review != sample.review:
        wanted = "go to review" if sample.review else "be settled"
        yield Fault(line, column, f"{part_id}: must {wanted}, got {_told(found)}")
    yield from _verdict_faults(found, sample.verdicts, part_id, line, column)


def _verdict_faults(
    found: PartMark, wanted: Mapping[str, str], part_id: str, line: int, column: int
) -> Iterator[Fault]:
    verdicts = {one.id: one.verdict.outcome.value for one in found.criteria}
    for name, outcome in wanted.items():
        if verdicts.get(name) != outcome:
            got = verdicts.get(name, "no such criterion")
            yield Fault(line, column, f"{part_id}: criterion {name} must be {outcome}, got {got}")


def _told(found: PartMark) -> str:
    points = _number(found.points)
    between = f" (certain {_number(found.low)}, possible {_number(found.high)})" if found.review else ""
    criteria = ", ".join(f"{one.id} {one.verdict.outcome.value}" for one in found.criteria)
    return f"{points}{between}: {criteria}"


def _number(points: Any) -> str:
    return f"{float(points):g}"
