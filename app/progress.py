"""Progress on the terminal, on standard error; nothing where nobody looks."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Item = TypeVar("Item")

NOT_BEFORE = 1.0  # seconds: what is quicker needs no bar


def shown(items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
    """The items, counted by a bar while they are worked on; `total` is their number where it is known."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from items
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total, visible=False)
        for item in items:
            yield item
            elapsed = bar.tasks[0].elapsed or 0
            bar.update(task, advance=1, visible=elapsed >= NOT_BEFORE)
