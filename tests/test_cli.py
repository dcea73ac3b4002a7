"""The command line as its contract states it: what goes in, what comes out, and the exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.services import attempts, receipts
from app.services.library import Exams
from app.store import queries
from app.store.database import Store
from tests import factories

EXAM = "exams/idl-endterm-ws2021.yaml"
ROOT = Path(__file__).resolve().parent.parent


def endterm(*words: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    code = "from app.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **settings},
        timeout=100,
        check=False,
    )


def test_check_ends_with_what_it_found() -> None:
    done = endterm("check", EXAM)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{EXAM}: 53 parts, 90 credits, ")
    assert done.stdout.rstrip().endswith("samples ok")


def test_a_faulty_exam_is_exit_one_and_wrong_arguments_are_exit_two(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("format: 1\ntitel: No\n", encoding="utf-8")

    assert endterm("check", str(faulty)).returncode == 1
    assert endterm("check", str(tmp_path / "nothing.yaml")).returncode == 2
    assert endterm("check").returncode == 2
    assert endterm("grade", str(faulty), "-").returncode == 2


def test_publishing_says_what_is_missing(tmp_path: Path) -> None:
    here = str(tmp_path / "var")

    early = endterm("load", EXAM, ENDTERM_DIRECTORY=here)
    assert early.returncode == 2
    assert early.stderr.startswith(f"There is no database {here}/endterm.sqlite3. Run `endterm migrate`")
    assert endterm("doctor", ENDTERM_DIRECTORY=here).returncode == 1
    assert not Path(here).exists()  # looking leaves nothing behind

    migrated = endterm("migrate", ENDTERM_DIRECTORY=here)
    assert migrated.stdout == f"The database {here}/endterm.sqlite3 is up to date.\n"
    nothing = endterm("load", "exams/nothing.yaml", ENDTERM_DIRECTORY=here)
    assert (nothing.returncode, nothing.stderr) == (2, "exams/nothing.yaml: No such file or directory\n")
    assert "published as version 1" in endterm("load", EXAM, ENDTERM_DIRECTORY=here).stdout
    assert "unchanged, version 1" in endterm("load", EXAM, ENDTERM_DIRECTORY=here).stdout


@pytest.mark.parametrize(
    "command", [["migrate"], ["load", EXAM], ["serve"], ["user", "revoke", "ada@example.org"]]
)
def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path, command: list[str]) -> None:
    where = "postgresql+psycopg://endterm:secret@127.0.0.1:9/endterm"

    done = endterm(*command, ENDTERM_DATABASE_URL=where, ENDTERM_DIRECTORY=str(tmp_path))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "The database postgresql+psycopg://endterm:***@127.0.0.1:9/endterm cannot be used: "
    )
    assert "Is it running, and is its address right?" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "endterm.sqlite3").write_text(
        "not a database, but long enough to be looked at " * 40, encoding="utf-8"
    )

    done = endterm("load", EXAM, ENDTERM_DIRECTORY=str(tmp_path))

    assert done.returncode == 2
    assert "cannot be used: file is not a database" in done.stderr
    assert done.stderr.count("\n") == 1


def test_accounts_are_made_changed_and_signed_out_from_the_command_line(tmp_path: Path) -> None:
    here = str(tmp_path / "var")
    ada = "ada@example.org"
    endterm("migrate", ENDTERM_DIRECTORY=here)

    def user(*words: str) -> tuple[int, str]:
        done = endterm("user", *words, ENDTERM_DIRECTORY=here)
        return done.returncode, done.stdout or done.stderr

    assert user("add", ada, "--role", "student", "--password", "a few words in a row") == (
        0,
        f"{ada} is now a student.\n",
    )
    assert user("role", ada, "ta") == (0, f"{ada} is now a ta.\n")
    assert user("revoke", ada) == (0, f"0 sessions of {ada} ended.\n")
    assert user("password", ada, "--password", "other words in a row") == (
        0,
        f"{ada} has a new password and is signed out everywhere.\n",
    )
    assert user("revoke", "eve@example.org") == (2, "There is no account eve@example.org.\n")


def test_every_part_is_in_the_output_and_an_unanswered_one_has_nothing() -> None:
    attempt = {"id": "s1", "answers": {"1a": {"choice": [3]}, "7c": {"count": "(11*11*3+1)*96"}}}

    done = endterm("grade", EXAM, "-", "--json", given=json.dumps(attempt))
    line = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert (line["id"], line["points"], line["low"], line["high"], line["max"]) == ("s1", 3.0, 3.0, 3.0, 90.0)
    assert len(line["parts"]) == 53
    assert line["parts"]["2a"] | {"criteria": []} == {
        "points": 0.0, "max": 1.0, "low": 0.0, "high": 0.0, "review": False, "answered": False, "criteria": [],
    }  # fmt: skip


def test_bad_input_never_stops_the_rest() -> None:
    lines = [
        json.dumps({"id": "a", "answers": {"1a": {"choice": "three"}}}),
        "{not json",
        json.dumps({"id": "b", "answers": {"1a": {"choice": [3]}, "99z": {}, "1b": {"nothing": 1}}}),
        json.dumps({"id": "b", "answers": {}}),
        "[" * 100_000,
    ]

    done = endterm("grade", EXAM, "-", "--json", given="\n".join(lines))
    out = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 1
    assert out[0]["parts"]["1a"]["review"] is True
    assert out[0]["parts"]["1a"]["errors"][0]["field"] == "choice"
    assert out[1]["line"] == 2
    assert out[2]["parts"]["1a"]["points"] == 2.0
    assert out[4]["line"] == 5
    for told in ("part 1a, field choice", "line 2", "99z", "field nothing", "came before"):
        assert told in done.stderr


def test_what_no_file_can_hold_loses_no_line() -> None:
    lines = [
        '{"id": "\\ud800", "answers": {"4b": {"text": "\\ud800"}, "\\udfff": {}}}',
        '{"id": "b", "answers": {"1a": {"choice": [3]}}}',
    ]

    for_machines = endterm("grade", EXAM, "-", "--json", given="\n".join(lines))
    for_people = endterm("grade", EXAM, "-", given="\n".join(lines))

    assert [json.loads(line)["id"] for line in for_machines.stdout.splitlines()] == ["\ud800", "b"]
    assert "part \\udfff: the exam has no such part" in for_machines.stderr
    assert "b: 2 of 90" in for_people.stdout


def test_a_byte_order_mark_costs_no_line(tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    attempt = json.dumps({"id": "s1", "answers": {"1a": {"choice": [3]}}})
    answers.write_text(f"\ufeff{attempt}\r\n", encoding="utf-8")

    done = endterm("grade", EXAM, str(answers))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("s1: 2 of 90")


def test_attempts_that_cannot_be_told_apart_are_reported_and_ambiguous_ones_not_marked() -> None:
    lines = [
        '{"answers": {"1a": {"choice": [3]}}}',
        '{"id": {"a": 1}, "answers": {"1a": {"choice": [3]}}}',
        '{"id": 1, "answers": {"1a": {"choice": [3]}, "1a": {"choice": [1]}}}',
        '{"id": 2, "answers": {"1a": {"choice": [' + "3" * 5000 + "]}}}",
    ]

    done = endterm("grade", EXAM, "-", "--json", given="\n".join(lines))
    out = [json.loads(line) for line in done.stdout.splitlines()]

    assert [one["points"] for one in out[:2]] == [2.0, 2.0]
    assert done.stderr.count("an id is a text or a number") == 2
    assert out[2] == {"line": 3, "error": "not JSON: the key '1a' is given twice"}
    assert out[3] == {"line": 4, "error": "not JSON: a number of more than 1000 digits"}
    assert done.returncode == 1


def test_several_jobs_give_the_same_lines_in_the_same_order() -> None:
    attempts = "\n".join(
        json.dumps({"id": n, "answers": {"1a": {"choice": [n % 4 + 1]}, "2a": {"text": f"{60 + n}/20/20"}}})
        for n in range(9)
    )

    alone = endterm("grade", EXAM, "-", "--json", given=attempts)
    together = endterm("grade", EXAM, "-", "--json", "--jobs", "2", given=attempts)

    assert alone.stdout == together.stdout
    assert [json.loads(line)["id"] for line in alone.stdout.splitlines()] == list(range(9))


def test_compare_reads_and_compares() -> None:
    cases = [
        {"id": 1, "kind": "math", "a": "x(x+1)", "b": "x^2+x"},
        {"id": 2, "kind": "math", "a": "x", "b": "x + 1e-9"},
        {"id": 3, "kind": "number", "text": "34 944"},
        {"id": 4, "kind": "number", "text": "about 12"},
        {"id": 7, "kind": "number", "text": "-1/3"},
        {"id": 8, "kind": "number", "text": "1/2500"},
        {"id": 9, "kind": "shape"},
        {
            "id": 5,
            "kind": "text",
            "rule": {"says": ["not learning rate"]},
            "answer": "no learning rate is needed",
        },
        {"id": 6, "kind": "text", "rule": ["learning rate"], "answer": "no learning rate is needed"},
    ]

    done = endterm("compare", "-", "--json", given="\n".join(map(json.dumps, cases)))
    out = [json.loads(line) for line in done.stdout.splitlines()]

    assert [one["id"] for one in out] == [1, 2, 3, 4, 7, 8, 9, 5, 6]
    assert [out[0]["verdict"], out[1]["verdict"]] == ["equal", "different"]
    assert (out[2]["value"], out[3]["value"]) == ("34944", None)
    assert (out[4]["value"], out[5]["value"]) == ("-1/3", "0.0004")
    assert "kind must be" in out[6]["error"]
    assert [out[7]["verdict"], out[8]["verdict"]] == ["met", "not met"]


def test_a_comparison_says_in_one_plain_line_what_cannot_be_used() -> None:
    rule = {"says": {"any": [{"x": 2}], "oops": 2}}
    cases = [
        {"id": 1, "kind": "math", "a": "\ud800", "b": "\x00"},
        {"id": 2, "kind": "text", "rule": rule, "answer": "x"},
        {"id": 3, "kind": "text", "rule": ["a"], "terms": 4, "answer": "x"},
        {"id": 4, "kind": "text", "rule": 4, "answer": "x"},
        {"id": 5, "kind": "math", "a": "1/3", "b": "0.333333"},
    ]

    done = endterm("compare", "-", "--json", given="\n".join(map(json.dumps, cases)))
    out = [json.loads(line) for line in done.stdout.splitlines()]

    assert out[0]["verdict"] == "unreadable"
    assert [one.get("error") for one in out[1:4]] == [
        "the rule cannot be used: says.any.0: a text is needed; put it into quotes",
        "terms must be names, each with a list of the ways to write it",
        "the rule cannot be used: says.any: a list is needed (here: 4)",
    ]
    assert out[4]["reason"] == "They differ by 3.3e-07."


def test_the_schema_is_json_and_knows_every_field_kind() -> None:
    schema = json.loads(endterm("schema").stdout)

    kinds = {"choices", "choice", "text", "math", "number", "numbers", "matrix", "table", "graph", "sketch"}
    assert kinds <= set(constants(schema))


def constants(schema: Any) -> Iterator[str]:
    """Every `const` of a JSON Schema, however deep."""
    if isinstance(schema, dict):
        if isinstance(schema.get("const"), str):
            yield schema["const"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for one in schema:
            yield from constants(one)


def test_a_faulty_case_is_named_by_its_line_and_the_rest_goes_on() -> None:
    lines = ["no json", json.dumps({"id": 1, "kind": "number", "text": "2"}), "[" * 5000, "x" * 300_000]

    done = endterm("compare", "-", "--json", given="\n".join(lines))
    out = [json.loads(line) for line in done.stdout.splitlines()]

    assert [one.get("line") for one in out] == [1, None, 3, 4]
    assert out[1]["value"] == "2"
    assert "line 4: longer than" in done.stderr
    assert done.returncode == 1


def test_for_people_a_complaint_is_told_once() -> None:
    done = endterm("grade", EXAM, "-", given="no json\n")

    assert done.stdout == ""
    assert done.stderr.startswith("line 1: not JSON")


def test_very_many_faults_are_counted_and_not_all_told(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("".join(f"key{number}: 1\n" for number in range(500)), encoding="utf-8")

    told = endterm("check", str(faulty)).stderr.splitlines()

    assert len(told) <= 60
    assert "more" in told[-1]


def test_extra_time_and_receipts_from_the_command_line(sqlite_url: str, tmp_path: Path) -> None:
    where = {"ENDTERM_DATABASE_URL": sqlite_url, "ENDTERM_DIRECTORY": str(tmp_path)}
    store = Store(sqlite_url)
    store.open()
    factories.published(store)
    student = factories.user(store)
    attempt = factories.started(store, student, datetime(2026, 11, 25, 9, 0, tzinfo=UTC))

    more = endterm("extend", student.email, "--minutes", "15", **where)
    too_much = endterm("extend", attempt.public_id, "--minutes", "100000", **where)

    assert (more.returncode, more.stderr) == (0, "")
    assert f"Attempt {attempt.public_id} now ends at 11:45:00 on 25 November 2026" in more.stdout
    assert (too_much.returncode, too_much.stderr) == (2, "Extra time is 1 to 1440 minutes.\n")

    attempts.hand_in(store, Exams(), student.id, attempt.public_id, datetime(2026, 11, 25, 11, tzinfo=UTC))
    with store.read() as db:
        found = queries.attempt(db, attempt.public_id)
        assert found
        text = receipts.receipt_of(db, found).as_text()
    store.close()
    mine, changed = tmp_path / "receipt.txt", tmp_path / "changed.txt"
    mine.write_text(text, encoding="utf-8")
    changed.write_text(text.replace("Handed in: 2026", "Handed in: 2025"), encoding="utf-8")

    assert "0 answers, unchanged since" in endterm("receipt", str(mine), **where).stdout
    assert endterm("receipt", str(changed), **where).returncode == 1
