"""The text that Prometheus reads."""

from app.measurements import merged
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


def test_the_numbers_of_several_processes_are_added_up() -> None:
    one = "\n".join(family("saves_total", "counter", "Saves.", {("saved",): 3}, "outcome"))
    other = "\n".join(family("saves_total", "counter", "Saves.", {("saved",): 4, ("older",): 1}, "outcome"))
    more = "\n".join(family("lag", "gauge", "Lag.", {(): 0.5}))

    assert list(merged([one, f"{other}\n{more}"])) == [
        "# HELP saves_total Saves.",
        "# TYPE saves_total counter",
        'saves_total{outcome="saved"} 7',
        'saves_total{outcome="older"} 1',
        "# HELP lag Lag.",
        "# TYPE lag gauge",
        "lag 0.5",
    ]
