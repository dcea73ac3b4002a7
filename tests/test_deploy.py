"""The files for those who run Endterm name commands and settings that are there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import INSTALLATION
from app.settings import Settings

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
COMPOSE = sorted(DEPLOY.glob("*.compose.yaml"))
UNITS = sorted(DEPLOY.glob("*.service"))


def services(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    return found


def ours(file: Path) -> dict[str, Any]:
    return {name: one for name, one in services(file).items() if one["image"] == "endterm"}


def settings_named(file: Path) -> set[str]:
    return set(re.findall(r"\bENDTERM_([A-Z_]+)", file.read_text(encoding="utf-8")))


def commands_of(unit: Path) -> Iterator[str]:
    for line in unit.read_text(encoding="utf-8").splitlines():
        if line.startswith("Exec") and "bin/endterm " in line:
            yield line.partition("bin/endterm ")[2].split()[0]


@pytest.mark.parametrize("file", [*COMPOSE, *UNITS, DEPLOY / "Dockerfile"], ids=lambda file: file.name)
def test_every_setting_is_one(file: Path) -> None:
    assert settings_named(file) <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("file", COMPOSE, ids=lambda file: file.name)
def test_every_service_runs_a_command_and_keeps_its_state(file: Path) -> None:
    for name, service in ours(file).items():
        assert service["command"][0] in INSTALLATION, name
        if service["command"][0] != "migrate":
            assert "state:/var/lib/endterm" in service["volumes"], name


@pytest.mark.parametrize("unit", UNITS, ids=lambda file: file.name)
def test_every_unit_runs_a_command(unit: Path) -> None:
    commands = list(commands_of(unit))

    assert commands
    assert set(commands) <= set(INSTALLATION)


def test_where_jobs_run_elsewhere_there_is_a_worker() -> None:
    found = ours(DEPLOY / "several-machines.compose.yaml")

    assert found["web"]["environment"]["ENDTERM_JOBS"] == "elsewhere"
    assert found["worker"]["command"] == ["worker"]
