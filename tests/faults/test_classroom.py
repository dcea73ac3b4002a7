"""The last quarter of a minute of a small class, with a browser that loses the network and one that is left for another."""

import asyncio
from pathlib import Path

from tests.faults import classroom


def test_a_class_to_its_end_has_every_answer_acknowledged_stored_and_marked(tmp_path: Path) -> None:
    lesson = asyncio.run(classroom.held(tmp_path, students=6, minutes=1, seconds=15))

    assert sorted(lesson.events) == ["lost the network", "switched machine"]
    assert lesson.counts.graded == 6
    assert lesson.answers > 6
    assert lesson.is_good, list(lesson.lines())
