"""Arbitrary answers for property tests: any JSON, and answers of the right shape with anything in them."""

from hypothesis import strategies as st

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
keys = st.sampled_from(["nodes", "edges", "strokes", "id", "label", "name", "source", "size", "train"])
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4)
    ),
)

entries = st.sampled_from(["", "0", "1", "-1", "1/3", "64", "1,500", "5 or 6", "10^9", "1/0", "x"]) | st.text(
    max_size=6
)
labels = st.sampled_from(["w", "x", "y", "*", "+", "max", "0", "ReLU", "max(.,0)", "w*x", "", "1"]) | st.text(
    max_size=5
)
coordinates = st.floats(-1e6, 1e6) | st.floats(0, 10)


@st.composite
def graphs(draw: st.DrawFn) -> object:
    """A few nodes with labels, and any arrows between them."""
    count = draw(st.integers(0, 7))
    ends = st.integers(0, max(0, count - 1)).map(str)
    edges = st.lists(st.tuples(ends, ends).map(list), max_size=12 if count else 0)
    nodes = [{"id": str(number), "label": draw(labels)} for number in range(count)]
    return {"nodes": nodes, "edges": draw(edges)}


rows = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["train", "train-dev", "val", "test"]) | st.text(max_size=5),
        "source": st.sampled_from(["web", "phone", "web+phone", ""]),
        "size": entries,
    },
)
strokes = st.lists(st.lists(st.tuples(coordinates, coordinates).map(list), max_size=8), max_size=4)

ANSWERS = {
    "choices": st.lists(st.integers(1, 4), max_size=4),
    "choice": st.sampled_from(["forget", "update", "output", ""]),
    "text": st.text(max_size=40),
    "math": st.text(max_size=40),
    "number": entries,
    "numbers": st.lists(entries, max_size=5),
    "matrix": st.lists(st.lists(entries, max_size=4), max_size=5),
    "table": st.lists(rows, max_size=6)
    | st.dictionaries(
        st.sampled_from(["train", "bridge", "validation", "test"]), st.sampled_from(["low", "high", ""])
    ),
    "graph": graphs(),
    "sketch": st.fixed_dictionaries({"strokes": strokes}),
}
