"""Published versions: what makes a new one, and that an old one stays what it was."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import NotFound
from app.services import library
from app.services.library import Exams
from app.store import queries
from app.store.database import Store
from tests.factories import NOW, published
from tests.sample_exam import sample_exam


def test_the_same_text_makes_no_new_version(store: Store) -> None:
    first = published(store)
    again = store.write(lambda db: library.publish(db, sample_exam(), NOW))

    assert (again.new, again.version.id, again.version.number) == (False, first.id, 1)


def test_a_changed_text_makes_a_new_version_and_leaves_the_old_one(store: Store) -> None:
    first = published(store)
    second = published(store, title="A better exam")

    with store.read() as db:
        assert [one.title for one in queries.catalogue(db)] == ["A better exam"]
        kept = Exams().of(db, first.id)
    assert second.number == 2
    assert kept.document.title == "A small exam"


def test_a_changed_figure_makes_a_new_version(store: Store) -> None:
    versions = [
        store.write(lambda db, red=red: library.publish(db, sample_exam(), NOW, {"road.svg": red})).version  # type: ignore[misc]
        for red in (b"<svg>red</svg>", b"<svg>blue</svg>")
    ]

    with store.read() as db:
        figures = [queries.figure(db, one.id, "road.svg") for one in versions]
    assert [one.number for one in versions] == [1, 2]
    assert figures == [b"<svg>red</svg>", b"<svg>blue</svg>"]


def test_going_back_to_an_earlier_text_offers_it_again(store: Store) -> None:
    published(store)
    published(store, title="A better exam")
    back = published(store)

    with store.read() as db:
        assert [one.title for one in queries.catalogue(db)] == ["A small exam"]
    assert back.number == 3


def test_a_version_says_what_the_catalogue_shows(store: Store) -> None:
    version = published(store)

    assert (version.title, version.minutes, version.points, version.parts) == (
        "A small exam", 90, 3, ["1a", "1b"],
    )  # fmt: skip


def test_an_exam_is_parsed_once_for_all(store: Store) -> None:
    version, exams = published(store), Exams()

    def ask(_: int) -> object:
        with store.read() as db:
            return exams.of(db, version.id)

    with ThreadPoolExecutor(4) as people:
        assert len({id(one) for one in people.map(ask, range(8))}) == 1


def test_only_so_many_parsed_exams_are_kept(store: Store) -> None:
    versions = [published(store, title=f"Exam {n}") for n in range(4)]
    exams = Exams(keep=2)

    with store.read() as db:
        first = exams.of(db, versions[0].id)
        for one in versions[1:]:
            exams.of(db, one.id)
        assert exams.of(db, versions[0].id) is not first


def test_a_version_that_does_not_exist_is_not_found(store: Store) -> None:
    with store.read() as db, pytest.raises(NotFound):
        Exams().of(db, 999)
