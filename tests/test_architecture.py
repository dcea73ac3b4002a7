"""Who may import whom: arrows point inward only."""

import ast
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parent.parent / "app"

MAY_IMPORT = {
    "grading": {"grading"},
    "exams": {"exams", "grading"},
    "store": {"store", "errors", "metrics"},
    "services": {"services", "grading", "exams", "store", "errors"},
    "rendering": {"rendering", "exams", "grading"},
    "web": {
        "web",
        "services",
        "store",
        "exams",
        "rendering",
        "grading",
        "errors",
        "settings",
        "jobs",
        "logs",
        "metrics",
        "measurements",
    },
    "jobs": {"services", "store", "settings", "errors"},
    "cli": {"authoring", "exams", "grading", "rendering", "serving", "operations", "exam_day", "progress"},
    "authoring": {"exams", "grading", "progress"},
    "progress": set(),
    "logs": {"errors"},
    "metrics": set(),
    "measurements": {"metrics", "store"},
    "settings": {"errors"},
    "errors": set(),
}
GRADING_LIBRARIES = {"lark", "networkx", "rapidfuzz", "regex", "snowballstemmer"}
FORBIDDEN_IN_GRADING = {"datetime", "logging", "os", "pathlib", "random", "sqlite3", "subprocess", "time"}

FILES = sorted(APP.rglob("*.py"))


def package_of(file: Path) -> str:
    return file.relative_to(APP).parts[0].removesuffix(".py")


def imported(file: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{one.name}" for one in node.names}
    return names


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(APP)))
def test_a_module_imports_only_what_it_may(file: Path) -> None:
    package = package_of(file)
    if package in (
        "main",
        "serving",
        "operations",
        "exam_day",
        "installation",
        "processes",
        "doctor",
        "__init__",
    ):
        return  # these wire things together

    used = {name.split(".")[1] for name in imported(file) if name.startswith("app.")}

    assert used <= MAY_IMPORT[package]


@pytest.mark.parametrize(
    "file",
    [one for one in FILES if package_of(one) == "grading"],
    ids=lambda file: str(file.relative_to(APP)),
)
def test_the_grading_core_is_pure(file: Path) -> None:
    roots = {name.split(".")[0] for name in imported(file)}

    assert not roots & FORBIDDEN_IN_GRADING
    assert not roots & ({"fastapi", "pydantic", "sqlalchemy", "yaml", "jinja2"} - GRADING_LIBRARIES)


def test_nothing_evaluates_text_as_code() -> None:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert called not in ("eval", "exec", "compile"), f"{file}:{getattr(node, 'lineno', 0)}"
