"""The audit of dependencies: red for a vulnerability alone, never for a network that is not there."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FILE = Path(__file__).resolve().parent.parent / ".ci" / "audit.py"


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(*faults: str, **more: Any) -> dict[str, Any]:
    vulns = [{"id": one, "fix_versions": ["9"]} for one in faults]
    return {"name": "thing", "version": "1", "vulns": vulns, **more}


def test_a_vulnerability_is_told_and_red(audit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.tell({"requirements.lock": [package(), package("CVE-1")]}) == 1
    assert "thing 1: CVE-1, fixed in ['9']" in capsys.readouterr().out


def test_an_accepted_one_and_none_are_green(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(audit.ACCEPTED, "CVE-1", "not the part that is used")

    assert audit.tell({"requirements.lock": [package("CVE-1"), package()]}) == 0


def test_packages_that_the_index_does_not_know_are_told_as_not_audited(
    audit: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        audit.tell({"requirements.lock": [package(skip_reason="not found")]})

    assert ended.value.code == 0
    assert "not audited" in capsys.readouterr().out


@pytest.mark.parametrize(
    "fault",
    [OSError("no network"), subprocess.TimeoutExpired("pip", 1), subprocess.CalledProcessError(1, "pip")],
)
def test_without_a_network_it_is_green_and_says_so(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    def fail(_home: Path) -> Path:
        raise fault

    monkeypatch.setattr(audit, "install", fail)
    with pytest.raises(SystemExit) as ended:
        audit.main()

    assert ended.value.code == 0
    assert "Dependencies were not audited" in capsys.readouterr().out
