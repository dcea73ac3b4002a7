"""The command line. Answers go to standard output, complaints to standard error.

Exit codes: 0 all well; 1 a faulty exam or faulty answers; 2 what was asked for cannot be done.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from app.exams.answer_files import Marked, mark_lines
from app.exams.check import prove_file
from app.exams.comparisons import compare
from app.exams.loader import ExamFaults, load_exam
from app.exams.schema import json_schema

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Endterm.")

Jobs = Annotated[int, typer.Option(min=1, max=64, help="How many processes mark at the same time.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON line per attempt.")]


INSTALLATION = ("serve", "migrate", "load", "demo", "user", "--help")


def main() -> None:
    """The entry point `endterm`. What needs a server or a database is imported only when it is asked for."""
    if len(sys.argv) < 2 or sys.argv[1] in INSTALLATION:
        _add_installation_commands()
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _add_installation_commands() -> None:
    from app import serving

    for name, command in (
        ("serve", serving.serve),
        ("migrate", serving.migrate),
        ("load", serving.load),
        ("demo", serving.seed_demo),
    ):
        app.command(name)(command)
    app.add_typer(serving.user, name="user")


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE...")]) -> None:
    """Check exam files: format, points, rules, samples and the built-in proofs."""
    faulty = False
    for path in files:
        try:
            proof = prove_file(path)
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
        for marked in _with_progress(mark_lines(exam, lines, jobs), quiet=as_json):
            typer.echo(json.dumps(marked.line, ensure_ascii=False) if as_json else _row(marked.line))
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


def _with_progress(marked: Iterator[Marked], *, quiet: bool) -> Iterable[Marked]:
    """A count on the terminal while marks are written elsewhere; nothing where nobody looks."""
    if not sys.stderr.isatty() or sys.stdout.isatty() or not quiet:
        yield from marked
        return
    for count, one in enumerate(marked, 1):
        typer.echo(f"\rmarked {count}", nl=False, err=True)
        yield one
    typer.echo(err=True)


def _row(line: dict[str, Any]) -> str:
    """An attempt for people: its sum, and every part that lost points or waits for review."""
    if "error" in line:
        return f"line {line['line']}: {line['error']}"
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
        for line in lines:
            if line.strip():
                found = compare(line)
                faulty = faulty or "error" in found
                typer.echo(json.dumps(found, ensure_ascii=False) if as_json else _plain(found))
    raise typer.Exit(1 if faulty else 0)


def _plain(found: dict[str, Any]) -> str:
    verdict = found.get("error") or found.get("verdict") or found.get("value") or "unreadable"
    return f"{found.get('id')}: {verdict}  {found.get('reason', '')}".rstrip()


@app.command()
def schema() -> None:
    """Print the JSON Schema of the exam file."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _stop(message: str) -> Any:
    typer.echo(message, err=True)
    raise typer.Exit(2)
