"""Entering an answer as a student does: by the widget of each field kind, by pointer and by keyboard."""

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_widgets import go


def enter_part(page: Page, part: str, kinds: Mapping[str, str], answer: Mapping[str, Any]) -> None:
    """Go to the part and enter all its fields; `kinds` names the kind of each field."""
    go(page, part)
    focused = page.locator(f"#part-{part}:focus, #part-{part} :focus")
    expect(focused).to_have_count(
        1
    )  # the page moves there in a moment, and would take the first letter typed
    for name, value in answer.items():
        ENTER[kinds[name]](page.locator(f'[data-field="{part}.{name}"]'), value)


def _choices(field: Locator, options: list[int]) -> None:
    for option in options:
        field.locator(f'input[value="{option}"]').check()
    if not options:
        field.get_by_label("None of these").check()


def _choice(field: Locator, word: str) -> None:
    field.get_by_text(word, exact=True).click()


def _text(field: Locator, text: str) -> None:
    field.locator("textarea, input").first.fill(text)


def _numbers(field: Locator, entries: list[str]) -> None:
    for box, entry in zip(field.locator("input").all(), entries, strict=True):
        box.fill(entry)


def _matrix(field: Locator, rows: list[list[str]]) -> None:
    """Cell by cell; an arrow key goes on to the next row."""
    for column in range(len(rows[0])):
        field.locator("input").nth(column).focus()
        for row in rows:
            field.page.keyboard.type(row[column])
            field.page.keyboard.press("ArrowDown")


def _table(field: Locator, value: Any) -> None:
    if isinstance(value, dict):
        for row, word in value.items():
            field.get_by_role("radiogroup", name=row).get_by_text(word or "left empty", exact=True).click()
        return
    for index, cells in enumerate(value):
        for column, text in cells.items():
            cell = field.locator(f'[name$=".{index}.{column}"]')
            if column == "source":
                cell.select_option(text)
            else:
                cell.fill(text)


def _graph(field: Locator, graph: Mapping[str, Any]) -> None:
    """Nodes from the palette where it has them, arrows from the list."""
    for node in graph["nodes"]:
        button = field.get_by_role("button", name=f"Add node {node['label']}", exact=True)
        if button.count():
            button.click()
        else:
            field.get_by_placeholder("other label").fill(node["label"])
            field.get_by_role("button", name="Add", exact=True).click()
    field.get_by_text("The graph as a list").click()
    order = [node["id"] for node in graph["nodes"]]
    for number, edge in enumerate(graph["edges"], start=1):
        field.get_by_role("button", name="Add an arrow").click()
        for label, end in zip(("Start", "End"), edge, strict=True):
            field.get_by_label(f"{label} of arrow {number}").select_option(index=1 + order.index(end))


def _sketch(field: Locator, sketch: Mapping[str, Any]) -> None:
    """Pen lines, drawn with the mouse."""
    field.locator("[data-sheet]").scroll_into_view_if_needed()
    field.locator("[data-sheet]").evaluate(STANDS_STILL)
    for stroke in sketch["strokes"]:
        points: list[list[float]] = field.locator("[data-pad]").evaluate(PLACES, stroke)
        mouse = field.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=4)
        mouse.up()


# How a number is read comes a moment after it was typed, and moves what stands below it: nobody draws that fast.
STANDS_STILL = """async (sheet) => {
    for (let [top, since] = [NaN, performance.now()]; performance.now() - since < 800; ) {
        const now = sheet.getBoundingClientRect().top;
        if (now !== top) [top, since] = [now, performance.now()];
        await new Promise(requestAnimationFrame);
    }
}"""

# The places on the screen of points in the units of the axes.
PLACES = """(pad, stroke) => {
    const { xFrom, xTo, yFrom, yTo } = Object.fromEntries(Object.entries(pad.dataset).map(([name, value]) => [name, Number(value)]));
    const plot = pad.querySelector("[data-plot]");
    const { left, right, top, bottom } = plot.dataset;
    const between = (share, start, end) => Number(start) + share * (Number(end) - Number(start));
    return stroke.map(([x, y]) => {
        const across = between((x - xFrom) / (xTo - xFrom), left, right);
        const down = between((y - yFrom) / (yTo - yFrom), bottom, top);
        const place = new DOMPoint(across, down).matrixTransform(plot.getScreenCTM());
        return [place.x, place.y];
    });
}"""

ENTER: dict[str, Callable[[Locator, Any], None]] = {
    "choices": _choices,
    "choice": _choice,
    "text": _text,
    "math": _text,
    "number": _text,
    "numbers": _numbers,
    "matrix": _matrix,
    "table": _table,
    "graph": _graph,
    "sketch": _sketch,
}
