"""The text that Prometheus reads."""

from app.metrics import Histogram, family, histogram


def test_a_counter_with_labels() -> None:
    lines = list(family("saves_total", "counter", "Saves.", {("saved",): 3, ('a"b\\c\n',): 1}, "outcome"))

    assert lines == [
        "# HELP saves_total Saves.",
        "# TYPE saves_total counter",
        'saves_total{outcome="a\\"b\\\\c\\n"} 1',
        'saves_total{outcome="saved"} 3',
    ]


def test_a_histogram_counts_what_is_at_most_each_bound() -> None:
    one = Histogram((1, 2, 4))
    for value in (0.5, 1, 3, 100):
        one.add(value)

    assert one.count == 4
    assert list(histogram("size", "Sizes.", {(): one})) == [
        "# HELP size Sizes.",
        "# TYPE size histogram",
        'size_bucket{le="1"} 2',
        'size_bucket{le="2"} 2',
        'size_bucket{le="4"} 3',
        'size_bucket{le="+Inf"} 4',
        "size_sum 104.5",
        "size_count 4",
    ]
