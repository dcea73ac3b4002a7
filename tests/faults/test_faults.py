"""After each fault: nothing acknowledged is missing, nothing is twice, nothing newer is overwritten by something
older, and no attempt is without its mark. A few of each here; `python -m tests.faults` has many."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import Postgres
from tests.faults import grading, scenarios
from tests.faults import postgres as broken_postgres
from tests.faults.scenarios import Outcome

pytestmark = pytest.mark.timeout(300)  # servers start several times, also on a busy machine


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    name = f"faults_{uuid4().hex}"
    yield postgres.create(name)
    postgres.drop(name)


def nothing_is_wrong(outcome: Outcome) -> bool:
    assert outcome.injected, "no fault was injected"
    assert outcome.findings.all == []
    return len(outcome.history.acknowledged) > 100


def test_nothing_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    assert nothing_is_wrong(asyncio.run(scenarios.killed(tmp_path, times=3)))


def test_nothing_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    assert nothing_is_wrong(asyncio.run(scenarios.lost_power(tmp_path, times=2)))


def test_a_server_that_does_not_wait_for_the_disk_is_found_out(tmp_path: Path) -> None:
    outcome = asyncio.run(scenarios.lost_power_without_syncs(tmp_path))

    assert outcome.findings.lost


def test_a_full_disk_stops_saving_until_there_is_space_and_loses_nothing(tmp_path: Path) -> None:
    if scenarios.can_mount():
        outcome = asyncio.run(scenarios.full_disk(tmp_path))
    else:
        outcome = asyncio.run(scenarios.with_control(tmp_path, "disk full", "full"))

    assert outcome.refused
    assert nothing_is_wrong(outcome)


def test_a_commit_that_is_not_synced_is_not_acknowledged(tmp_path: Path) -> None:
    outcome = asyncio.run(scenarios.with_control(tmp_path, "sync fails", "broken"))

    assert outcome.refused
    assert nothing_is_wrong(outcome)


def test_a_commit_that_cannot_be_written_is_not_acknowledged(tmp_path: Path) -> None:
    assert nothing_is_wrong(asyncio.run(scenarios.refused_writes(tmp_path)))


def test_a_slow_disk_makes_saving_slow_and_refuses_nothing(tmp_path: Path) -> None:
    outcome = asyncio.run(scenarios.with_control(tmp_path, "slow disk", "slow"))

    assert outcome.history.answers.keys() == {"200"}
    assert nothing_is_wrong(outcome)


def test_a_restart_in_the_middle_of_an_exam_costs_nobody_an_answer(tmp_path: Path) -> None:
    assert nothing_is_wrong(asyncio.run(scenarios.restarted(tmp_path, times=1)))


def test_what_was_being_marked_when_the_server_died_gets_its_marks_once(tmp_path: Path) -> None:
    assert nothing_is_wrong(asyncio.run(grading.killed_while_marking(tmp_path, times=1, number=240)))


@pytest.mark.postgres
def test_what_was_being_marked_gets_its_marks_once_on_postgresql_too(
    tmp_path: Path, empty_database: str
) -> None:
    outcome = asyncio.run(grading.killed_while_marking(tmp_path, times=1, number=240, url=empty_database))

    assert nothing_is_wrong(outcome)


@pytest.mark.postgres
def test_a_database_that_goes_and_comes_back_is_used_again_and_has_everything(tmp_path: Path) -> None:
    with broken_postgres.own_server() as server:
        server.psql("CREATE DATABASE faults")
        outcome = asyncio.run(broken_postgres.went_away(tmp_path, server, "faults"))

    assert outcome.refused
    assert "page 500" not in outcome.history.answers
    assert nothing_is_wrong(outcome)


@pytest.mark.postgres
def test_a_commit_that_postgresql_refuses_is_not_acknowledged(tmp_path: Path, empty_database: str) -> None:
    outcome = asyncio.run(broken_postgres.refused_commits(tmp_path, empty_database))

    assert outcome.refused
    assert "page 500" not in outcome.history.answers
    assert nothing_is_wrong(outcome)
