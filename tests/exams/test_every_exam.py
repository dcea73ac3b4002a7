"""Every exam proves itself: its samples get what they state, its model answers everything, a blank one nothing."""

import re
from pathlib import Path

import pytest

from app.exams.check import prove_exam
from app.exams.loader import load_exam, load_figures
from app.rendering.page_faults import refuse_faulty_pages

EXAMS = sorted(path for path in Path("exams").glob("*.yaml") if not path.name.endswith(".samples.yaml"))


@pytest.mark.parametrize("path", EXAMS, ids=lambda path: path.stem)
def test_an_exam_keeps_what_it_promises(path: Path) -> None:
    proof = prove_exam(load_exam(path), path)

    assert proof.samples >= 4 * proof.parts


def test_the_deep_learning_endterm_is_whole() -> None:
    exam = load_exam(Path("exams/idl-endterm-ws2021.yaml"))

    assert len(exam.document.problems) == 11
    assert len(exam.parts) == 53
    assert exam.document.points == 90
    assert exam.document.minutes == 90


def test_pages_can_show_every_figure_and_formula() -> None:
    for path in EXAMS:
        refuse_faulty_pages(load_exam(path), load_figures(path), str(path))


def test_every_label_has_a_word_beside_its_formula() -> None:
    """A label that is only a formula gives its field no name that a screen reader can be sure of."""
    for path in EXAMS:
        for part in load_exam(path).document.parts:
            for name, spec in part.fields.items():
                words = re.sub(r"\$[^$]*\$", "", spec.label)
                assert not spec.label or re.search("[A-Za-z]{2}", words), f"{part.id}.{name}: {spec.label}"
