import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rendering.graphs import GraphMark, draw_graph
from app.rendering.layers import layers

SKIP = {
    "nodes": [{"id": name, "label": name} for name in ("w", "x", "*", "+", "relu")],
    "edges": [["w", "*"], ["x", "*"], ["*", "+"], ["x", "+"], ["+", "relu"]],
}


def drawn(answer, *marks):
    return ElementTree.fromstring(draw_graph(answer, "Your graph", marks))


def nodes(picture):
    """Label to the middle of its text."""
    texts = [node.find("text") for node in picture.findall("g") if "fig-node" in node.get("class").split()]
    return {text.text: (float(text.get("x")), float(text.get("y"))) for text in texts}


def test_data_flow_from_left_to_right():
    places = nodes(drawn(SKIP))

    for start, end in SKIP["edges"]:
        assert places[start][0] < places[end][0]


def test_every_arrow_is_drawn_with_a_head_and_told_in_words():
    picture = drawn(SKIP)

    arrows = [piece for piece in picture.findall("g") if "fig-arrow" in piece.get("class").split()]
    assert [len(arrow.findall("path")) for arrow in arrows] == [2] * 5
    assert picture.findtext("desc") == "Arrows: w to *, x to *, * to +, x to +, + to relu."


def test_a_skip_goes_around_the_node_between():
    picture = drawn(SKIP)
    multiplication = nodes(picture)["*"]
    skip = picture.findall("g")[3].find("path").get("d")

    bend = re.search(r"Q([\d.]+) ([\d.]+)", skip)
    assert abs(float(bend[2]) - multiplication[1]) > 44


def test_a_constant_stands_just_before_what_it_goes_into():
    assert layers("wxm0r", [("w", "m"), ("x", "m"), ("m", "r"), ("0", "r")])["0"] == 1


def test_circles_and_loops_are_drawn():
    picture = drawn({"nodes": [{"id": "a"}, {"id": "b"}], "edges": [["a", "b"], ["b", "a"], ["a", "a"]]})

    assert picture.findtext("desc") == "Arrows: ? to ?, ? to ?, ? to ?."


def test_a_drawing_keeps_the_places_that_its_author_gave():
    answer = {
        "nodes": [
            {"id": "a", "label": "up", "x": 500, "y": 100},
            {"id": "b", "label": "down", "x": 500, "y": 900},
        ],
        "edges": [["a", "b"]],
    }
    places = nodes(drawn(answer))

    assert places["up"][0] == places["down"][0]
    assert places["up"][1] < places["down"][1]


def test_nodes_that_cover_each_other_are_laid_out_again():
    answer = {
        "nodes": [{"id": "a", "label": "a", "x": 5, "y": 5}, {"id": "b", "label": "b", "x": 6, "y": 5}],
        "edges": [["a", "b"]],
    }
    places = nodes(drawn(answer))

    assert places["b"][0] - places["a"][0] > 44


def test_marks_carry_a_sign_and_a_word_besides_the_colour():
    picture = drawn(
        SKIP,
        GraphMark("relu", "right", ("graph",)),
        GraphMark(("x", "+"), "missing"),
        GraphMark(("w", "*"), "extra"),
    )

    signs = {text.text for text in picture.iter("text") if text.get("class") == "fig-sign"}
    assert signs == {"✓", "?", "✕"}
    assert "w to * (not expected)" in picture.findtext("desc")
    assert "x to + (missing)" in picture.findtext("desc")
    assert "Nodes: relu (right)." in picture.findtext("desc")
    assert [piece.get("data-criterion") for piece in picture.findall("g") if piece.get("data-criterion")] == [
        "graph"
    ]


def test_a_label_is_text_and_never_markup():
    shown = draw_graph({"nodes": [{"id": "a", "label": "</text><script>"}]}, '"><script>')

    assert "<script" not in shown


def test_a_long_label_is_shortened():
    assert list(nodes(drawn({"nodes": [{"id": "a", "label": "the rectified linear unit"}]}))) == [
        "the rectified lin…"
    ]


@pytest.mark.parametrize("answer", [None, "x", [], {}, {"nodes": None}, {"nodes": [1, {}], "edges": [[1]]}])
def test_no_graph_is_an_empty_picture(answer):
    assert drawn(answer).findtext("desc") == "No nodes."


def test_a_huge_graph_is_drawn_in_part():
    answer = {
        "nodes": [{"id": str(index)} for index in range(500)],
        "edges": [[str(a), str(b)] for a in range(60) for b in range(60)],
    }

    classes = [piece.get("class") for piece in drawn(answer).findall("g")]
    assert classes.count("fig-node") == 60
    assert classes.count("fig-arrow") == 240


names = st.sampled_from("abcdefgh")
coordinates = st.none() | st.integers(-10, 1010) | st.floats(0, 1000) | st.just("x")
graphs = st.fixed_dictionaries(
    {
        "nodes": st.lists(
            st.fixed_dictionaries({"id": names, "x": coordinates, "y": coordinates}), max_size=8
        ),
        "edges": st.lists(st.lists(names, min_size=2, max_size=2), max_size=12),
    }
)


@settings(max_examples=150, deadline=None)
@given(graphs)
def test_every_node_stands_inside_its_picture(answer):
    picture = drawn(answer)
    width, height = float(picture.get("width")), float(picture.get("height"))

    for rect in picture.iter("rect"):
        assert 0 <= float(rect.get("x")) <= width - float(rect.get("width"))
        assert 0 <= float(rect.get("y")) <= height - float(rect.get("height"))


def test_a_node_whose_id_is_no_text_is_left_out():
    picture = drawn({"nodes": [{"id": [], "x": 1, "y": 1}, {"id": "n1", "label": "x"}], "edges": []})

    assert list(nodes(picture)) == ["x"]
