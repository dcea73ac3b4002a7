"""What a page could not show of an exam: figures that are not there, formulas and text that would appear raw."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.exams.loader import Exam, ExamFaults
from app.exams.yaml_reader import Document, Fault, Path
from app.rendering.markdown import text_faults
from app.rendering.svg_files import FigureFault, clean_svg

SHOWN = frozenset(
    "instructions intro prompt solution for label labels hint unit options caption columns rows title".split()
)
NOT_SHOWN = frozenset("terms samples model_answer check ideas when".split())

Figures = Mapping[str, bytes]


def refuse_faulty_pages(exam: Exam, figures: Figures, name: str) -> None:
    """Raises ExamFaults with everything in the file `name` that pages could not show; `figures` by file name."""
    faults = list(_faults(exam.places.value, (), exam.places, figures))
    if faults:
        raise ExamFaults(name, faults)


def _faults(value: Any, path: Path, places: Document, figures: Figures) -> Iterator[Fault]:
    if isinstance(value, dict):
        if path[-2:-1] == ("figures",):
            yield from _of_figure(str(value["file"]), (*path, "file"), places, figures)
        for key, item in value.items():
            if key not in NOT_SHOWN:
                yield from _faults(item, (*path, key), places, figures)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, (*path, index), places, figures)
    elif isinstance(value, str) and not SHOWN.isdisjoint(path[-2:]):
        for message in text_faults(value):
            yield Fault(*places.place(path), f"{'.'.join(map(str, path))}: {message}")


def _of_figure(name: str, path: Path, places: Document, figures: Figures) -> Iterator[Fault]:
    if name not in figures:
        yield Fault(*places.place(path), f"there is no figure {name} in the folder of the exam's name")
        return
    try:
        clean_svg(figures[name].decode())
    except (FigureFault, UnicodeDecodeError) as error:
        yield Fault(*places.place(path), f"{name}: {error}")
