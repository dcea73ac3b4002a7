"""Make this machine ready for Endterm: `prepare.py run` for the app, `prepare.py test` for its tests too.

Needs nothing but Python. A step that is already done is not done again: each leaves a stamp that says
what it was made from.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"

# What pages load in the browser and is not ours: npm package, then the files wanted of it.
FRONT_END = {
    "mathlive": ("mathlive.min.mjs", "fonts/*.woff2", "LICENSE.txt"),
    "@fontsource/stix-two-math": ("files/*.woff2", "LICENSE"),
    "@fontsource-variable/stix-two-text": ("files/*-latin-wght-*.woff2", "files/*-greek-*.woff2", "LICENSE"),
}
DEBIAN_BROWSER = ("chromium", "fonts-dejavu-core")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(purpose: str) -> None:
    if sys.version_info < (3, 11):
        sys.exit("Endterm needs Python 3.11 or newer; name one like this: make PYTHON=python3.12 ...")
    os.chdir(ROOT)
    if purpose == "run":
        install_packages("requirements.lock")
        try_front_end()
    elif purpose == "test":
        install_packages("requirements-dev.lock")
        fetch_front_end()
        install_browser()
    else:
        sys.exit("usage: prepare.py run|test")


def install_packages(lock: str) -> None:
    stamp = VENV / f"{lock}.stamp"
    made_from = fingerprint(lock, "pyproject.toml")
    if is_stamped(stamp, made_from):
        return
    print(f"Installing the packages of {lock} into .venv; the first time takes about half a minute ...")
    venv.create(VENV, with_pip=True, symlinks=True)
    pip_install("--require-hashes", "-r", lock)
    pip_install("--no-build-isolation", "-e", ".")
    stamp.write_text(made_from)


def pip_install(*what: str) -> None:
    """Install exactly what is asked for: the locks are complete, so nothing is left to resolve."""
    quiet = ("-qq", "--disable-pip-version-check", "--no-input", "--no-deps")
    subprocess.run([PYTHON, "-m", "pip", "install", *quiet, *what], check=True)


def try_front_end() -> None:
    try:
        fetch_front_end()
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"Going on without the formula editor and the math font: {problem}")


def fetch_front_end() -> None:
    """Fetch the locked npm packages and copy the files that pages load to static/vendor/."""
    stamp = VENDOR / "stamp"
    made_from = fingerprint("package-lock.json", ".ci/prepare.py")
    if is_stamped(stamp, made_from):
        return
    print("Fetching the formula editor and the math font ...")
    npm = shutil.which("npm") or npm_from_wheel()
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    path = f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([npm, "ci", *quiet], check=True, env={**os.environ, "PATH": path})
    copy_front_end()
    stamp.write_text(made_from)


def npm_from_wheel() -> str:
    """The npm of a Python package, for machines without Node."""
    pip_install("--require-hashes", "-r", "requirements-node.lock")
    return str(PYTHON.with_name("npm"))


def copy_front_end() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, patterns in FRONT_END.items():
        source = ROOT / "node_modules" / package
        target = VENDOR / Path(package).name
        for found in (file for pattern in patterns for file in source.glob(pattern)):
            copy = target / found.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found, copy)


def install_browser() -> None:
    if any(shutil.which(name) for name in BROWSERS):
        return
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        sys.exit("The browser tests need Chromium on the PATH; please install it.")
    print("Installing Chromium ...")
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], check=True, env=quiet)
    install = [*apt, "install", "-y", "--no-install-recommends", *DEBIAN_BROWSER]
    subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)


def fingerprint(*files: str) -> str:
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).hexdigest()


def is_stamped(stamp: Path, made_from: str) -> bool:
    return stamp.exists() and stamp.read_text() == made_from


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
