from xml.etree import ElementTree

import pytest

from app.grading.fields.sketch import SketchSpec
from app.rendering.plots import PenMark, draw_plot, draw_sketch

SPEC = SketchSpec(x=(0, 10), y=(-0.2, 1.2), points=((1, 0), (9, 1)))


def lines(answer, *marks):
    picture = ElementTree.fromstring(draw_sketch(SPEC, answer, "Your sketch", marks))
    return picture, picture.findall("g[@class='plot-strokes fig-accent']/*")


def places(line):
    return [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]


def test_a_plot_has_its_axes_and_points_in_words():
    picture = ElementTree.fromstring(draw_plot(SPEC, "Data"))

    assert picture.get("role") == "img"
    assert picture.findtext("title") == "Data"
    assert picture.findtext("desc") == (
        "Axes: x from 0 to 10, y from -0.2 to 1.2. Given points: (1, 0), (9, 1)."
    )
    assert len(picture.findall("g[@class='plot-points']/circle")) == 2


def test_a_line_is_drawn_in_the_units_of_the_axes():
    _, (line,) = lines({"strokes": [[[0, -0.2], [10, 1.2]]]})

    (left, bottom), (right, top) = places(line)
    assert (left, right) == (44, 466)
    assert bottom > top


def test_lines_are_told_in_words():
    picture, _ = lines({"strokes": [[[1, 0.05], [9, 0.95]]]})

    assert picture.findtext("desc").endswith("Lines drawn: 1. Line 1 goes from (1, 0.05) to (9, 0.95).")


def test_a_dot_is_a_dot():
    _, (dot,) = lines({"strokes": [[[5, 0.5]]]})

    assert dot.tag == "circle"


def test_a_line_far_outside_stays_near_the_plot():
    _, (line,) = lines({"strokes": [[[-1e6, 0], [1e6, 1e6]]]})

    assert all(-10 < x < 520 and -30 < y < 350 for x, y in places(line))


def test_a_place_that_counts_lies_under_the_line_with_its_criterion():
    picture, _ = lines({"strokes": [[[0, 0], [1, 0], [2, 1], [3, 1]]]}, PenMark(0, 1, 2, "no-bend"))

    groups = picture.findall("g")
    (mark,) = [group for group in groups if "plot-mark" in group.get("class")]
    assert mark.get("data-criterion") == "no-bend"
    assert len(places(mark.find("polyline"))) == 2
    assert groups.index(mark) < groups.index(picture.find("g[@class='plot-strokes fig-accent']"))


def test_a_single_point_that_counts_has_a_ring():
    picture, _ = lines({"strokes": [[[0, 0], [1, 0]]]}, PenMark(0, 1, 1, "p"))

    assert picture.find("g[@data-criterion='p']/circle").get("fill") == "none"


@pytest.mark.parametrize("mark", [PenMark(3, 0, 1, "p"), PenMark(-1, 0, 1, "p"), PenMark(0, 5, 9, "p")])
def test_marks_of_lines_that_are_not_there_show_nothing(mark):
    picture, _ = lines({"strokes": [[[0, 0], [1, 0]]]}, mark)

    assert picture.find("g[@data-criterion]") is None


@pytest.mark.parametrize(
    "answer",
    [None, "x", [], {}, {"strokes": None}, {"strokes": ["x", [], [["a", 1]], [[1]], [[float("nan"), 1]]]}],
)
def test_what_is_no_line_is_left_out(answer):
    assert lines(answer)[1] == []


def test_many_points_are_thinned_and_the_ends_stay():
    stroke = [[index / 5000, 0.5] for index in range(50_000)]
    _, drawn = lines({"strokes": [stroke] * 300})

    assert len(drawn) == 200
    assert sum(len(places(line)) for line in drawn) <= 20_000 + 2 * 200
    assert places(drawn[0])[0][0] == 44
