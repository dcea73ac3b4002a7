"""The command line. Answers go to standard output, complaints to standard error.

Exit codes: 0 all well; 1 a faulty exam or faulty answers; 2 what was asked for cannot be done.
"""

import json
import os
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from app import authoring
from app.exams.answer_files import mark_lines
from app.exams.check import prove_exam
from app.exams.comparisons import compare
from app.exams.loader import ExamFaults, load_exam, load_figures
from app.exams.schema import json_schema
from app.progress import shown

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Endterm.")

Jobs = Annotated[int, typer.Option(min=1, max=64, help="How many processes mark at the same time.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line per attempt.")]


Item = TypeVar("Item")
INSTALLATION = (
    "serve",
    "worker",
    "migrate",
    "load",
    "demo",
    "user",
    "doctor",
    "backup",
    "restore",
    "extend",
    "receipt",
    "--help",
)


def main() -> None:
    """The entry point `endterm`. What needs a server or a database is imported only when it is asked for."""
    if len(sys.argv) < 2 or sys.argv[1] in INSTALLATION:
        _add_installation_commands()
    # What no file can hold, half a character, is written as JSON writes it.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _add_installation_commands() -> None:
    from app import exam_day, operations, serving

    for name, command in (
        ("serve", serving.serve),
        ("worker", serving.worker),
        ("migrate", serving.migrate),
        ("load", serving.load),
        ("demo", serving.seed_demo),
        ("doctor", operations.doctor),
        ("backup", operations.backup),
        ("restore", operations.restore),
        ("extend", exam_day.extend),
        ("receipt", exam_day.receipt),
    ):
        app.command(name)(command)
    app.add_typer(serving.user, name="user")


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE...")]) -> None:
    """Check exam files: format, points, rules, figures, formulas, samples and the built-in proofs."""
    from app.rendering.page_faults import refuse_faulty_pages

    faulty = False
    for path in files:
        try:
            exam = load_exam(path)
            refuse_faulty_pages(exam, load_figures(path), str(path))
            proof = prove_exam(exam, path, partial(shown, what=f"Checking {path.name}"))
        except ExamFaults as error:
            faulty = True
            typer.echo(str(error), err=True)
        except OSError as error:
            _stop(f"{path}: {error.strerror}")
        else:
            typer.echo(f"{path}: {proof.parts} parts, {proof.credits:g} credits, {proof.samples} samples ok")
    raise typer.Exit(1 if faulty else 0)


@app.command()
def grade(exam: Path, answers: Path, as_json: AsJson = False, jobs: Jobs = 1) -> None:
    """Mark a file of answers (JSON Lines; `-` reads standard input)."""
    _usable(exam)
    complained = False
    with _open(answers) as lines:
        for marked in _counted(mark_lines(exam, lines, jobs), "Marking"):
            if as_json:
                typer.echo(json.dumps(marked.line, ensure_ascii=False))
            elif "error" not in marked.line:
                typer.echo(_row(marked.line))
            for complaint in marked.complaints:
                complained = True
                typer.echo(complaint, err=True)
    raise typer.Exit(1 if complained else 0)


def _usable(exam: Path) -> None:
    try:
        load_exam(exam)
    except ExamFaults as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{exam}: {error.strerror}")


def _open(path: Path) -> Any:
    if str(path) == "-":
        return typer.get_text_stream("stdin", encoding="utf-8", errors="replace")
    try:
        return path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        _stop(f"{path}: {error.strerror}")


def _counted(items: Iterable[Item], what: str) -> Iterable[Item]:
    """With a bar while the output goes elsewhere; on the terminal the output itself shows how far it is."""
    return items if sys.stdout.isatty() else shown(items, None, what)


def _row(line: dict[str, Any]) -> str:
    """An attempt for people: its sum, and every part that lost points or waits for review."""
    head = f"{line['id']}: {line['points']:g} of {line['max']:g}"
    if line["low"] != line["high"]:
        head += f" (certain {line['low']:g}, possible {line['high']:g})"
    cells = [_cell(name, part) for name, part in line["parts"].items() if part["answered"]]
    return head + "\n    " + "  ".join(cells)


def _cell(name: str, part: dict[str, Any]) -> str:
    return f"{name} {part['points']:g}/{part['max']:g}" + ("?" if part["review"] else "")


@app.command("compare")
def compare_cases(cases: Path, as_json: AsJson = False) -> None:
    """Compare formulas, read numbers and try text rules from a file of cases (JSON Lines)."""
    faulty = False
    with _open(cases) as lines:
        numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
        for number, line in _counted(numbered, "Comparing"):
            found = compare(line, number)
            if "error" in found:
                faulty = True
                typer.echo(f"line {number}: {found['error']}", err=True)
            if as_json or "error" not in found:
                typer.echo(json.dumps(found, ensure_ascii=False) if as_json else _plain(found))
    raise typer.Exit(1 if faulty else 0)


def _plain(found: dict[str, Any]) -> str:
    verdict = found.get("verdict") or found.get("value") or "unreadable"
    return f"{found.get('id')}: {verdict}  {found.get('reason', '')}".rstrip()


app.command("agree")(authoring.agree)
app.command("try")(authoring.try_part)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the exam file."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _stop(message: str) -> Any:
    typer.echo(message, err=True)
    raise typer.Exit(2)
