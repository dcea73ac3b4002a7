"""Ask whether a locked package has a known vulnerability: `audit.py`, with pip-audit in an environment of its own.

Exit 1 only for a vulnerability that was found. Where pip-audit cannot be installed, or the list of
vulnerabilities cannot be reached or does not know our packages, it says that nothing was audited.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements-dev.lock",)  # holds the other one too
TOOL = "pip-audit==2.10.1"
PATIENCE = 100  # seconds for each step

# Known, looked at, and of no effect here: the number, and why.
ACCEPTED: dict[str, str] = {}


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        try:
            tool = install(Path(home))
            found = {lock: audit(tool, ROOT / lock) for lock in LOCKS}
        except (OSError, subprocess.SubprocessError, ValueError) as problem:
            skip(str(problem).splitlines()[0][:300] if str(problem) else type(problem).__name__)
    sys.exit(tell(found))


def install(home: Path) -> Path:
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    quiet = ("-qq", "--disable-pip-version-check", "--no-input", "--retries=1")
    subprocess.run(
        [python, "-m", "pip", "install", *quiet, TOOL], check=True, timeout=PATIENCE, capture_output=True
    )
    return home / "bin" / "pip-audit"


def audit(tool: Path, lock: Path) -> list[dict[str, object]]:
    """What is said of each package of a lock. Raises ValueError if nothing is said at all."""
    options = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json", "--timeout=10")
    done = subprocess.run(
        [tool, *options, "-r", lock], check=False, timeout=PATIENCE, capture_output=True, text=True
    )
    if not done.stdout.startswith("{"):
        raise ValueError((done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1])
    packages: list[dict[str, object]] = json.loads(done.stdout)["dependencies"]
    return packages


def tell(found: dict[str, list[dict[str, object]]]) -> int:
    """Print what was found; 1 if there is a vulnerability that was not accepted."""
    known, code = 0, 0
    for lock, packages in found.items():
        audited = [one for one in packages if "skip_reason" not in one]
        known += len(audited)
        for one in audited:
            for fault in one.get("vulns", []):  # type: ignore[attr-defined]
                if fault["id"] in ACCEPTED:
                    continue
                code = 1
                print(
                    f"{lock}: {one['name']} {one['version']}: {fault['id']}, fixed in {fault['fix_versions']}"
                )
        print(f"{lock}: {len(audited)} of {len(packages)} packages audited")
    if not known:
        skip("the package index tells nothing of vulnerabilities")
    return code


def skip(why: str) -> None:
    print(f"Dependencies were not audited: {why}")
    sys.exit(0)


if __name__ == "__main__":
    main()
