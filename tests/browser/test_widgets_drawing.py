"""The graph editor and the sketch pad: by pointer, and by their lists."""

import math
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WAIT, Sitting
from tests.browser.test_widgets import go

pytestmark = pytest.mark.browser


@pytest.fixture
def drawing_page(exam_page: Page) -> Page:
    go(exam_page, "4a")
    return exam_page


def add(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_role("button", name=f"Add node {label}", exact=True).click()


def node(page: Page, label: str) -> Locator:
    return page.locator(".graph-node", has=page.get_by_text(label, exact=True))


def middle(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def connect_by_drag(page: Page, start: str, end: str) -> None:
    node(page, start).click()
    drag(page, middle(page.locator(".graph-handle-disc")), middle(node(page, end)))


def stored_graph(sitting: Sitting) -> dict[str, Any]:
    """The stored graph by labels: where nodes stand does not matter."""
    graph = sitting.saved().get("4a", {}).get("graph", {"nodes": [], "edges": []})
    labels = {one["id"]: one["label"] for one in graph["nodes"]}
    return {
        "nodes": list(labels.values()),
        "edges": [[labels[end] for end in edge] for edge in graph["edges"]],
    }


def expect_graph(page: Page, sitting: Sitting, nodes: list[str], edges: list[list[str]]) -> None:
    for _ in range(WAIT * 10):
        if stored_graph(sitting) == {"nodes": nodes, "edges": edges}:
            return
        page.wait_for_timeout(100)
    raise AssertionError(stored_graph(sitting))


def test_nodes_are_connected_by_dragging_from_the_handle(drawing_page: Page, sitting: Sitting) -> None:
    add(drawing_page, "w", "x", "×")
    connect_by_drag(drawing_page, "w", "×")
    connect_by_drag(drawing_page, "x", "×")

    expect_graph(drawing_page, sitting, ["w", "x", "×"], [["w", "×"], ["x", "×"]])


def test_nodes_are_connected_by_two_clicks(drawing_page: Page, sitting: Sitting) -> None:
    add(drawing_page, "w", "×")
    node(drawing_page, "w").click()
    drawing_page.locator("[data-handle]").click()
    node(drawing_page, "×").click()

    expect_graph(drawing_page, sitting, ["w", "×"], [["w", "×"]])


def test_a_node_can_have_any_label_and_get_another(drawing_page: Page, sitting: Sitting) -> None:
    drawing_page.get_by_label("Label of a new node").fill("max(·, 0)")
    drawing_page.keyboard.press("Enter")
    expect_graph(drawing_page, sitting, ["max(·, 0)"], [])

    drawing_page.get_by_label("Label of the selected node").fill("ReLU(z)")

    expect_graph(drawing_page, sitting, ["ReLU(z)"], [])


def test_a_node_moves_where_it_is_dragged_and_stays_there(drawing_page: Page, sitting: Sitting) -> None:
    add(drawing_page, "w")
    x, y = middle(node(drawing_page, "w"))
    drag(drawing_page, (x, y), (x + 150, y + 90))
    moved = middle(node(drawing_page, "w"))
    assert moved == pytest.approx((x + 150, y + 90), abs=2)
    expect_graph(drawing_page, sitting, ["w"], [])
    expect(drawing_page.locator("#part-4a [data-save-state]")).to_contain_text("Saved")

    drawing_page.reload()
    go(drawing_page, "4a")

    expect(node(drawing_page, "w")).to_be_visible()
    again = middle(node(drawing_page, "w"))
    canvas = drawing_page.locator(".graph-canvas").bounding_box()
    assert canvas
    assert again[0] - canvas["x"] == pytest.approx(moved[0] - canvas["x"], abs=2)


def test_deleting_a_node_deletes_its_arrows_and_undo_brings_them_back(
    drawing_page: Page, sitting: Sitting
) -> None:
    add(drawing_page, "w", "×")
    connect_by_drag(drawing_page, "w", "×")
    node(drawing_page, "w").click()
    drawing_page.keyboard.press("Delete")
    expect_graph(drawing_page, sitting, ["×"], [])

    drawing_page.get_by_role("group", name="Your graph").get_by_role("button", name="Undo").click()
    expect_graph(drawing_page, sitting, ["w", "×"], [["w", "×"]])

    drawing_page.get_by_role("group", name="Your graph").get_by_role("button", name="Redo").click()
    expect_graph(drawing_page, sitting, ["×"], [])


def test_an_arrow_can_be_turned_round_and_deleted(drawing_page: Page, sitting: Sitting) -> None:
    add(drawing_page, "w", "×")
    connect_by_drag(drawing_page, "w", "×")
    (x, y), (other_x, other_y) = middle(node(drawing_page, "w")), middle(node(drawing_page, "×"))
    drawing_page.mouse.click((x + other_x) / 2, (y + other_y) / 2)
    drawing_page.get_by_role("button", name="Turn round").click()
    expect_graph(drawing_page, sitting, ["w", "×"], [["×", "w"]])

    drawing_page.get_by_role("group", name="Change the graph").get_by_role("button", name="Delete").click()

    expect_graph(drawing_page, sitting, ["w", "×"], [])


def test_the_list_makes_the_same_graph_by_keyboard_alone(drawing_page: Page, sitting: Sitting) -> None:
    summary = drawing_page.get_by_text("The graph as a list")
    summary.focus()
    keys = drawing_page.keyboard
    keys.press("Enter")
    graph = drawing_page.get_by_role("group", name="Your graph")
    for label in ("w", "×"):
        graph.get_by_role("button", name="Add a node").focus()
        keys.press("Enter")
        keys.type(label)
    graph.get_by_role("button", name="Add an arrow").focus()
    keys.press("Enter")
    expect(drawing_page.get_by_label("Start of arrow 1")).to_be_focused()
    keys.type("1")  # the first node's entry starts so
    keys.press("Tab")
    keys.type("2")

    expect_graph(drawing_page, sitting, ["w", "×"], [["w", "×"]])
    expect(drawing_page.get_by_role("img", name="Drawing of the graph")).to_have_accessible_name(
        "Drawing of the graph: nodes w, ×; arrows w to ×"
    )


def test_removing_a_node_from_the_list_removes_its_arrows(drawing_page: Page, sitting: Sitting) -> None:
    add(drawing_page, "w", "×")
    connect_by_drag(drawing_page, "w", "×")
    drawing_page.get_by_text("The graph as a list").click()
    drawing_page.get_by_role("button", name="Remove node 1").click()

    expect_graph(drawing_page, sitting, ["×"], [])
    expect(drawing_page.get_by_label("Start of arrow 1")).to_have_count(0)


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """The place of a point on the screen, from shares of the plot's width and height."""
    page.locator("[data-sheet]").scroll_into_view_if_needed()
    left, top, right, bottom = page.locator("[data-plot]").evaluate(
        """(plot) => {
            const [left, top, right, bottom] = ["left", "top", "right", "bottom"].map((side) => Number(plot.dataset[side]));
            const place = (x, y) => new DOMPoint(x, y).matrixTransform(plot.getScreenCTM());
            const [start, end] = [place(left, top), place(right, bottom)];
            return [start.x, start.y, end.x, end.y];
        }"""
    )
    return left + x * (right - left), bottom - y * (bottom - top)


def strokes(page: Page, sitting: Sitting, count: int) -> list[Any]:
    for _ in range(WAIT * 10):
        held: list[Any] = sitting.saved().get("4b", {}).get("line", {}).get("strokes", [])
        if len(held) == count:
            return held
        page.wait_for_timeout(100)
    raise AssertionError(sitting.saved().get("4b"))


def draw_curve(page: Page) -> None:
    """An S from the lower left to the upper right."""
    page.mouse.move(*at(page, 0.1, 0.16))
    page.mouse.down()
    for step in range(300):
        x = 0.1 + 0.8 * step / 299
        page.mouse.move(*at(page, x, 0.15 + 0.7 / (1 + math.exp(-14 * (x - 0.5)))))
    page.mouse.up()


def test_a_pen_line_is_stored_in_the_units_of_the_axes(drawing_page: Page, sitting: Sitting) -> None:
    draw_curve(drawing_page)

    (stroke,) = strokes(drawing_page, sitting, 1)
    assert 4 < len(stroke) <= 200
    assert stroke[0] == pytest.approx([1, 0.02], abs=0.03)
    assert stroke[-1] == pytest.approx([9, 0.99], abs=0.03)
    assert [x for x, _ in stroke] == sorted(x for x, _ in stroke)


def test_the_ruler_draws_one_straight_line(drawing_page: Page, sitting: Sitting) -> None:
    drawing_page.get_by_role("button", name="Straight line").click()
    drag(drawing_page, at(drawing_page, 0, 0), at(drawing_page, 1, 1))

    (stroke,) = strokes(drawing_page, sitting, 1)
    assert stroke == [pytest.approx([0, -0.2], abs=0.02), pytest.approx([10, 1.2], abs=0.02)]


def test_the_eraser_takes_one_line_and_undo_brings_it_back(drawing_page: Page, sitting: Sitting) -> None:
    draw_curve(drawing_page)
    drawing_page.get_by_role("button", name="Straight line").click()
    drag(drawing_page, at(drawing_page, 0.6, 0.05), at(drawing_page, 0.95, 0.05))
    curve, _line = strokes(drawing_page, sitting, 2)
    drawing_page.get_by_role("button", name="Eraser").click()
    drag(drawing_page, at(drawing_page, 0.8, 0.2), at(drawing_page, 0.8, 0.02))

    assert strokes(drawing_page, sitting, 1) == [curve]

    drawing_page.get_by_role("group", name="Your line").get_by_role("button", name="Undo").click()

    assert len(strokes(drawing_page, sitting, 2)) == 2


def test_clearing_a_sketch_empties_the_part(drawing_page: Page, sitting: Sitting) -> None:
    draw_curve(drawing_page)
    strokes(drawing_page, sitting, 1)
    drawing_page.get_by_role("button", name="Clear").click()

    sitting.wait_for("4b", {})


def test_a_line_can_be_typed_as_points(drawing_page: Page, sitting: Sitting) -> None:
    drawing_page.get_by_text("The lines as points").click()
    drawing_page.get_by_role("button", name="Add a line").click()
    drawing_page.keyboard.type("0 0\n5, 0.5\n(10, 1)")

    sitting.wait_for("4b", {"line": {"strokes": [[[0, 0], [5, 0.5], [10, 1]]]}})
    expect(drawing_page.locator("[data-strokes] polyline")).to_have_count(1)


def test_points_that_cannot_be_read_are_said_and_kept(drawing_page: Page, sitting: Sitting) -> None:
    drawing_page.get_by_text("The lines as points").click()
    drawing_page.get_by_role("button", name="Add a line").click()
    drawing_page.keyboard.type("0 0\nup and up")

    status = drawing_page.locator('[data-field="4b.line"] > [data-status]')
    expect(status).to_contain_text("Points of line 1 cannot be read")
    sitting.wait_for("4b", {"line": {"strokes": ["0 0\nup and up"]}})

    drawing_page.reload()

    expect(drawing_page.get_by_label("Points of line 1")).to_have_value("0 0\nup and up")


def test_drawings_work_by_touch_on_a_narrow_screen(browser: Any, sitting: Sitting) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    context.add_cookies([sitting.cookie()])
    page = context.new_page()
    page.goto(f"{sitting.url}#part-4a")
    for label in ("w", "×"):
        page.get_by_role("button", name=f"Add node {label}", exact=True).tap()
    node(page, "w").tap()
    page.locator("[data-handle]").tap()
    node(page, "×").tap()

    expect_graph(page, sitting, ["w", "×"], [["w", "×"]])
    box = node(page, "w").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    touch(page, [at(page, 0.1, 0.2), at(page, 0.5, 0.5), at(page, 0.9, 0.8)])
    (stroke,) = strokes(page, sitting, 1)
    assert stroke[-1] == pytest.approx([9, 0.92], abs=0.1)
    context.close()


def touch(page: Page, places: list[tuple[float, float]]) -> None:
    """A finger that goes from place to place."""
    session = page.context.new_cdp_session(page)
    for kind, place in zip(["touchStart", "touchMove", "touchMove"], places, strict=True):
        session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
