"""What the widget of a field shows of a stored value, however odd it is."""

import pytest

from app.grading.fields.graph import GraphSpec
from app.grading.fields.sketch import SketchSpec
from app.grading.types import Raw
from app.web.widgets import field_view

HUGE = 30_000


@pytest.mark.parametrize(
    "raw",
    [
        {"nodes": [{}] * HUGE, "edges": [0] * HUGE},
        {"nodes": [{"id": f"n{n}"} for n in range(HUGE)], "edges": [["n1", "n2"]] * HUGE},
    ],
    ids=["of no shape", "well formed"],
)
def test_a_huge_graph_makes_no_huge_page(raw: Raw) -> None:
    view = field_view("6a", "graph", GraphSpec(), raw)

    assert view.status.state == "unreadable"
    assert len(view.shown.nodes) * len(view.shown.edges) < 10_000


def test_a_sketch_of_very_many_lines_makes_no_huge_page() -> None:
    view = field_view("9b", "linear", SketchSpec(x=(0, 10), y=(0, 1)), {"strokes": [[]] * HUGE})

    assert view.status.state == "unreadable"
    assert len(view.shown.strokes) < 300
