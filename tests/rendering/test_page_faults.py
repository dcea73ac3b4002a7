"""What a page could not show of an exam is a fault at its place in the file."""

from pathlib import Path

import pytest

from app.exams.loader import ExamFaults, read_exam
from app.rendering.page_faults import refuse_faulty_pages
from tests.sample_exam import TEXT
from tests.test_cli import endterm

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
WITH_FIGURE = TEXT.replace(
    "        fields:", "        figures: [{file: none.svg, alt: x}]\n        fields:", 1
)


@pytest.mark.parametrize(
    ("text", "figures", "told"),
    [
        (WITH_FIGURE, {}, "small.yaml:19:26: there is no figure none.svg in the folder of the exam's name"),
        (
            WITH_FIGURE,
            {"none.svg": b"<html/>"},
            "small.yaml:19:26: none.svg: the figure is not an SVG picture",
        ),
        (
            TEXT.replace("are even?", r"are $\frac{1 flours?"),
            {},
            r"small.yaml:18:17: problems.0.parts.0.prompt: a formula without both its $ signs: $\frac{1 flours?",
        ),
        (
            TEXT.replace("for: It is 120.", r"for: It is $\hunderd$."),
            {},
            r"for: the formula \hunderd cannot be shown: Unknown command",
        ),
        (
            TEXT.replace("one, two, three", "one, two, '$x_1'"),
            {},
            "options.2: a formula without both its $ signs",
        ),
    ],
)
def test_what_cannot_be_shown_is_named(text: str, figures: dict[str, bytes], told: str) -> None:
    with pytest.raises(ExamFaults) as raised:
        refuse_faulty_pages(read_exam(text), figures, "small.yaml")

    assert told in str(raised.value)


def test_what_can_be_shown_is_no_fault() -> None:
    text = WITH_FIGURE.replace("are even?", r"cost $5, are `\\frac` or $\\frac{1}{2}$ even?")

    refuse_faulty_pages(read_exam(text), {"none.svg": SVG}, "small.yaml")


def test_an_exam_without_its_figure_is_neither_ok_nor_published(tmp_path: Path) -> None:
    file, told = tmp_path / "small.yaml", "small.yaml:19:26: there is no figure none.svg"
    file.write_text(WITH_FIGURE, encoding="utf-8")
    here = str(tmp_path / "var")
    endterm("migrate", ENDTERM_DIRECTORY=here)

    for command in ("check", "load"):
        done = endterm(command, str(file), ENDTERM_DIRECTORY=here)
        assert (done.returncode, done.stdout) == (1, "")
        assert told in done.stderr

    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "none.svg").write_bytes(SVG)
    assert "2 parts, 3 credits" in endterm("check", str(file)).stdout
    assert "published as version 1" in endterm("load", str(file), ENDTERM_DIRECTORY=here).stdout
