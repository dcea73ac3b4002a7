"""The locks decide what is installed: they must be complete, pinned by hash, and free of addresses."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


def packages(requirements: list[str]) -> set[str]:
    """The names alone, as locks write them: `types-PyYAML>=6` is `types-pyyaml`."""
    names = (re.match(r"[\w.-]+", requirement) for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


def pinned(lock: str) -> set[str]:
    return packages(re.findall(r"^\S+==.*$", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())

    assert "://" not in text
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_lock_of_the_app_holds_every_package_the_app_needs() -> None:
    project = PROJECT["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]

    assert packages(needed) <= pinned("requirements.lock")


def test_the_tests_run_on_the_very_versions_of_the_app() -> None:
    app, dev = (
        set(re.findall(r"^\S+==[^\\]*", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    )

    assert app <= dev
    assert packages(PROJECT["dependency-groups"]["dev"]) <= pinned("requirements-dev.lock")


def test_front_end_packages_are_pinned_by_hash_without_addresses() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        package = locked[f"node_modules/{name}"]

        assert package["version"] == version
        assert package["integrity"].startswith("sha512-")
    assert not any("resolved" in package for package in locked.values())
