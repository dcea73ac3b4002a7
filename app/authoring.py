"""Commands for those who write rubrics: `agree` measures them against marked answers, `try` marks what one types."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.exams.agreement import Agreement, Compared, agreement, read_marked
from app.exams.json_lines import read_object
from app.exams.loader import Exam, ExamFaults, load_exam
from app.grading import mark
from app.grading.types import Criterion, CriterionMark, Outcome, Part, PartMark
from app.progress import shown

MOST_LINE = 2_000_000
PLAIN_KINDS = ("text", "math", "number", "choice")
LONGEST_SHOWN = 600
_STYLES = {Outcome.MET: "green", Outcome.NOT_MET: "red", Outcome.UNSURE: "yellow"}


def agree(
    exam: Path,
    marked: Annotated[Path, typer.Argument(help="JSON Lines with marks, or a folder of PART.yaml files.")],
    part: Annotated[str | None, typer.Option(help="Only this part.")] = None,
    answers: Annotated[int, typer.Option(min=0, help="How many answers behind differences to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """Compare the engine's marks with a person's: per part and criterion, with the answers behind differences."""
    loaded = _loaded(exam)
    unusable: list[str] = []
    try:
        rows = [one for one in read_marked(marked, unusable.append) if part in (None, one.part)]
    except OSError as error:
        _stop(f"{marked}: {error.strerror}")
    found = agreement(loaded, shown(rows, len(rows), "Marking"), unusable.append)
    for complaint in unusable:
        typer.echo(complaint, err=True)
    if not found.whole.answers:
        _stop(f"{marked}: there is no marked answer" + (f" to part {part}" if part else ""))
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _print_agreement(loaded, found, answers)
    raise typer.Exit(1 if unusable else 0)


def _print_agreement(loaded: Exam, found: Agreement, answers: int) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(_parts_table(loaded, found))
    if found.criteria:
        console.print(_criteria_table(found))
    for one in found.worst()[:answers]:
        console.print(_miss(loaded.parts[one.marked.part], one))
    if len(found.misses) > answers:
        console.print(f"and {len(found.misses) - answers} more answers on which they differ")


def _as_json(found: Agreement) -> dict[str, Any]:
    return {
        "whole": found.whole.as_json(),
        "parts": {name: tally.as_json() for name, tally in found.parts.items()},
        "criteria": {
            f"{part}.{name}": {
                "answers": tally.answers,
                "agrees": tally.agrees,
                "missed": tally.missed,
                "given": tally.given,
                "unsure": tally.unsure,
            }
            for (part, name), tally in found.criteria.items()
        },
    }


def _parts_table(exam: Exam, found: Agreement) -> Table:
    table = Table(title="Parts", title_justify="left")
    table.add_column("part")
    for heading in ("answers", "exact", "settled", "settled right", "covered", "missed", "wrongly given"):
        table.add_column(heading, justify="right")
    rows = [(name, found.parts[name]) for name in exam.parts if name in found.parts]
    for name, tally in [*rows, ("all", found.whole)]:
        table.add_row(
            name,
            str(tally.answers),
            _share(tally.exact, tally.answers),
            _share(tally.settled, tally.answers),
            _share(tally.settled_right, tally.settled),
            _share(tally.covered, tally.answers),
            f"{float(tally.missed):g}",
            f"{float(tally.given):g}",
            end_section=name == rows[-1][0],
        )
    return table


def _criteria_table(found: Agreement) -> Table:
    table = Table(title="Criteria", title_justify="left")
    table.add_column("criterion")
    for heading in ("answers", "agrees", "missed", "wrongly met", "unsure"):
        table.add_column(heading, justify="right")
    for (part, name), tally in found.criteria.items():
        counts = (tally.answers, tally.agrees, tally.missed, tally.given, tally.unsure)
        table.add_row(f"{part} {name}", *map(str, counts))
    return table


def _share(some: int, whole: int) -> str:
    return f"{100 * some / whole:.0f} %" if whole else "–"


def _miss(part: Part, one: Compared) -> Text:
    """An answer on which engine and person differ: both marks, the answer, and what the engine found."""
    how = "settled" if one.settled else f"for review, {float(one.mark.low):g} to {float(one.mark.high):g}"
    head = f"\n{one.marked.name} {one.marked.part}: {float(one.marked.points):g} by the person, "
    text = Text(f"{head}{float(one.mark.points):g} by the engine ({how})\n", style="bold")
    return text.append_text(_answer_and_criteria(part, one.marked.answer, one.mark))


def try_part(exam: Path, part: Annotated[str, typer.Argument(help="The part's id, such as 2a.")]) -> None:
    """Mark what you type, live: one answer after the other, with the places that count. The rules are read anew
    whenever the exam file is saved. A JSON object gives all fields of an answer at once. An empty line ends it.
    """
    console = Console(highlight=False, soft_wrap=True)
    loaded, saved = _loaded(exam), exam.stat().st_mtime_ns
    if part not in loaded.parts:
        _stop(f"{exam}: there is no part {part!r}; known: {', '.join(loaded.parts)}")
    console.print(_task(loaded, part))
    while (answer := _typed(loaded.parts[part], console)) is not None:
        if exam.stat().st_mtime_ns != saved:
            loaded, saved = _again(exam, loaded, console), exam.stat().st_mtime_ns
        found = mark(loaded.parts[part], {part: answer}, loaded.parts)
        console.print(_result(loaded.parts[part], answer, found))


def _task(exam: Exam, part: str) -> Text:
    rule = next(one for one in exam.document.parts if one.id == part)
    return Text(f"{part}  {rule.prompt.strip()}\n", style="bold").append(
        f"Fields: {', '.join(f'{name} ({spec.kind})' for name, spec in rule.fields.items())}\n", style="dim"
    )


def _typed(part: Part, console: Console) -> Mapping[str, Any] | None:
    """The next answer; None at the end of the input or at an empty line."""
    plain = [name for name, spec in part.fields.items() if spec.kind in PLAIN_KINDS]
    answer: dict[str, Any] = {}
    for name in plain or ["answer"]:
        line = _line(f"{name}> ", console)
        if line is None:
            return answer or None
        if line.lstrip().startswith("{"):
            return _object(line, part, console)
        answer[name] = line
    if not plain and any(answer.values()):
        console.print("This part takes a JSON object, one value for each field.", style="yellow")
        return _typed(part, console)
    return answer if any(answer.values()) else None


def _line(prompt: str, console: Console) -> str | None:
    if sys.stdin.isatty():
        console.print(prompt, end="", style="cyan")
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _object(line: str, part: Part, console: Console) -> Mapping[str, Any] | None:
    answer = read_object(line, MOST_LINE)
    if isinstance(answer, str):
        console.print(f"{answer[0].upper()}{answer[1:]}", style="yellow")
        return _typed(part, console)
    return answer


def _again(exam: Path, before: Exam, console: Console) -> Exam:
    """The saved exam, or the one before where it is faulty."""
    try:
        loaded = load_exam(exam)
    except ExamFaults as error:
        console.print(f"The file was saved with a fault; the rules before it stay.\n{error}", style="yellow")
        return before
    console.print("The rules were read anew.", style="dim")
    return loaded


def _result(part: Part, answer: Mapping[str, Any], found: PartMark) -> Text:
    head = f"{float(found.points):g} of {float(found.max):g}"
    if found.low != found.high:
        head += f" (certain {float(found.low):g}, possible {float(found.high):g})"
    text = Text(f"{head}\n", style="bold").append_text(_answer_and_criteria(part, answer, found))
    for reason in found.reasons:
        text.append(f"  review: {reason}\n", style="yellow")
    return text


def _answer_and_criteria(part: Part, answer: Mapping[str, Any], found: PartMark) -> Text:
    text = Text()
    for name, value in answer.items():
        text.append(f"  {name}: ", style="dim").append_text(_marked_value(name, value, found)).append("\n")
    rules = {criterion.id: criterion for criterion in part.criteria}
    for one in found.criteria:
        text.append_text(_criterion(rules[one.id], one))
    return text


def _marked_value(name: str, value: Any, found: PartMark) -> Text:
    """The value with the places underlined that some check found."""
    text = Text((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:LONGEST_SHOWN])
    for one in found.criteria:
        for place in one.verdict.evidence:
            if place.field == name and isinstance(value, str) and "start" in place.place:
                style = f"underline {_STYLES[one.verdict.outcome]}"
                text.stylize(style, place.place["start"], place.place["end"])
    return text


def _criterion(rule: Criterion, one: CriterionMark) -> Text:
    words = dict.fromkeys(_quoted(one))
    text = Text(f"  {one.verdict.outcome.value:8}", style=_STYLES[one.verdict.outcome])
    text.append(f"{float(rule.points):+g} {one.id}: {one.verdict.sentence}")
    return text.append(f"  [{'; '.join(words)}]\n" if words else "\n", style="dim")


def _quoted(one: CriterionMark) -> Iterable[str]:
    return (place.rule for place in one.verdict.evidence if place.rule)


def _loaded(exam: Path) -> Exam:
    try:
        return load_exam(exam)
    except ExamFaults as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{exam}: {error.strerror}")


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
