"""Marking without a server: a whole attempt, T15 (free text), T16 (formulas) and T17 (the worst answers)."""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import _lru_cache_wrapper, cache
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import yaml

from app.exams.compiling import compile_one
from app.exams.garbage import settle_memory
from app.exams.loader import Exam, load_exam
from app.grading.checks import CHECKS, Setting
from app.grading.fields.math import Math
from app.grading.fields.text import Text
from app.grading.types import Value, View
from tests.benchmarks.class_room import ClassRoom
from tests.benchmarks.machine import pinned
from tests.benchmarks.results import Bar, Result

EXAM = Path("exams/idl-endterm-ws2021.yaml")
ATTEMPTS = Path("tests/exams/bank/attempts.jsonl")
ANSWERS = Path("tests/exams/answers/idl-endterm-ws2021")
CASES = Path("tests/grading/mathematics/cases")
REPEATS = 3
PMATCH = 79  # answers a second: six rules of pmatch 3.4 with misspelling, one core of this kind of machine
MAXIMA = 6_700  # comparisons a second of a warm Maxima 5.46, the same
PER_WORD = (
    "stem",
    "_meant",
    "function_word",
    "is_known",
    "is_typo",
    "_tables",
)
FUZZED = 1_500
PAIRS = (
    ("x*(x+1)", "x^2+x"), ("(a+b)^2", "a^2+2*a*b+b^2"), ("sin(x)^2+cos(x)^2", "1"), ("1/(1+exp(-x))", "exp(x)/(1+exp(x))"),
    ("2*x/4", "x/2"), ("(x^2-1)/(x-1)", "x+1"), ("a*b*c", "c*b*a"), ("x^2", "x*x"), ("exp(x)*exp(y)", "exp(x+y)"),
    ("-(y*log(p)+(1-y)*log(1-p))", "-y*log(p)-(1-y)*log(1-p)"), ("(a-b)*(a+b)", "a^2-b^2"),
    ("tanh(x)", "(exp(x)-exp(-x))/(exp(x)+exp(-x))"), ("x+1", "x-1"), ("2*x", "x^2"), ("log(x)", "log(2*x)"),
    ("exp(x)", "x"), ("sin(x)", "cos(x)"), ("(a-b)^2", "a^2-b^2"), ("x/2", "2/x"), ("1/(x+y)", "1/x+1/y"),
)  # fmt: skip

RULE = {
    "says": {
        "any": [
            "(gradient | derivative) (zero | 0 | vanish*)",
            "(larger | bigger | deeper) (network | model)",
            "not (learning rate | step size)",
        ],
        "likely": ["flat (region | point)", "more (layers | parameters)"],
        "no_credit": ["more (data | samples)"],
    }
}


def attempts(_room: ClassRoom) -> Iterator[Result]:
    """Whole attempts that were never seen before, words excepted; milliseconds of one core."""
    answers = [json.loads(line)["answers"] for line in ATTEMPTS.read_text(encoding="utf-8").splitlines()]
    exam = _exam()
    with pinned():
        first = _milliseconds(exam, answers)
        times = [_milliseconds(exam, answers) for _ in range(REPEATS)]
        shares = _shares(answers)
    yield Result("marking", "median-ms", tuple(map(median, times)), Bar(10, 3.6, at_most=True), shares)
    yield Result("marking", "worst-ms", tuple(map(max, times)), Bar(40, 10, at_most=True))
    note = "the first attempts that this process marks: nearly every word is new"
    yield Result("marking", "first-ms", (median(first),), None, note)


def _milliseconds(exam: Exam, answers: list[Any]) -> list[float]:
    """How long the marking of each attempt takes when nothing is known of any answer."""
    _forget_answers()
    return [1000 * _seconds(lambda one=one: exam.mark(one)) for one in answers]


def _shares(answers: list[Any]) -> str:
    """The checks that take most of the time. They are watched in a run of their own, since watching takes time too."""
    spent: Counter[str] = Counter()
    exam = _timed_exam(spent)
    _forget_answers()
    for one in answers:
        exam.mark(one)
    return ", ".join(
        f"{name} {100 * seconds / spent.total():.0f} %" for name, seconds in spent.most_common(6)
    )


def texts(_room: ClassRoom) -> Iterator[Result]:
    """T15: a rule of six phrases on answers of students, against the figure of pmatch."""
    check = compile_one(RULE, Setting("0", {"answer": Text()}))
    answers = _texts()
    for one in answers:
        check.judge(View("0", {"0": {"answer": Value(one)}}))
    rates = []
    with pinned():
        for _ in range(REPEATS):
            _forget_answers()
            took = _seconds(
                lambda: [check.judge(View("0", {"0": {"answer": Value(one)}})) for one in answers]
            )
            rates.append(len(answers) / took)
    note = f"{median(rates):,.0f} answers/s against {PMATCH}/s of pmatch on such a machine"
    yield Result("T15", "text", tuple(rate / PMATCH for rate in rates), Bar(100, 500), note)


def formulas(_room: ClassRoom) -> Iterator[Result]:
    """T16: answers against the formulas of a rubric, which were read before; SymPy in this run, Maxima by its figure."""
    from sympy import simplify
    from sympy.core.cache import clear_cache

    checks = [(a, compile_one({"formula": {"is": b}}, Setting("0", {"answer": Math()}))) for a, b in PAIRS]
    theirs_read = [(a, _read_by_sympy(b)) for a, b in PAIRS]  # imported and set up before the clock runs

    def our_verdicts() -> None:
        for a, check in checks:
            check.judge(View("0", {"0": {"answer": Value(a)}}))

    def their_verdicts() -> None:
        for a, other in theirs_read:
            bool(simplify(_read_by_sympy(a) - other) == 0)

    ours, theirs = [], []
    with pinned():
        for _ in range(REPEATS):
            ours.append(_seconds_cold(our_verdicts, _forget_answers, rounds=20) / len(PAIRS))
            theirs.append(_seconds_cold(their_verdicts, clear_cache, rounds=2) / len(PAIRS))
    note = f"{1e6 * median(ours):.0f} µs against {1e6 * median(theirs):.0f} µs"
    yield Result("T16", "sympy", tuple(b / a for a, b in zip(ours, theirs, strict=True)), Bar(50, 200), note)
    yield Result("T16", "maxima", tuple(1 / (MAXIMA * a) for a in ours), Bar(1, 2), "by the figure of Maxima")


def _seconds_cold(work: Callable[[], object], forget: Callable[[], object], rounds: int) -> float:
    """The mean of some rounds, before each of which everything about answers is forgotten."""
    total = 0.0
    for _ in range(rounds):
        forget()
        total += _seconds(work)
    return total / rounds


def worst(_room: ClassRoom) -> Iterator[Result]:
    """T17: nonsense and answers made long and odd; the longest marking against the median."""
    exam = _exam()
    chance = random.Random(17)
    parts = [
        name for name, part in exam.parts.items() if {"text", "math"} & {s.kind for s in part.fields.values()}
    ]
    found = []
    with pinned():
        for _ in range(REPEATS):
            times = []
            settle_memory()
            for part in islice(cycle(parts), FUZZED // REPEATS):
                answer = {name: _odd(chance, spec.kind) for name, spec in exam.parts[part].fields.items()}
                times.append(_seconds(lambda part=part, answer=answer: exam.mark({part: answer})))
            found.append(max(times) / median(times))
    yield Result("T17", "fuzzed", tuple(found), Bar(100, 20, at_most=True), f"{FUZZED} answers")


def _odd(chance: random.Random, kind: str) -> Any:
    """A field's value of any length: real answers glued together, formulas nested, letters shuffled."""
    if kind not in ("text", "math"):
        return ""
    base = chance.choice(_texts() if kind == "text" else _formulas())
    match chance.randrange(5):
        case 0:
            return base
        case 1:
            return " ".join(chance.choices(_texts(), k=chance.randrange(2, 6)))
        case 2:
            return "".join(chance.sample(base, len(base)))
        case 3:
            depth = chance.randrange(1, 20)
            return "(" * depth + base + ")" * depth + "^2" * chance.randrange(3)
    return base[: chance.randrange(1, len(base) + 1)] * chance.randrange(1, 4)


@cache
def _exam() -> Exam:
    return load_exam(EXAM)


def _timed_exam(spent: Counter[str]) -> Exam:
    """The exam with checks that note how long they take, by the name of the check."""

    def timed(name: str, judge: Callable[..., Any]) -> Callable[..., Any]:
        def judged(*given: Any) -> Any:
            began = process_time()
            try:
                return judge(*given)
            finally:
                spent[name] += process_time() - began  # type: ignore[assignment]

        return judged

    plain = dict(CHECKS)
    try:
        for name, kind in plain.items():
            CHECKS[name] = replace(kind, judge=timed(name, kind.judge))  # type: ignore[index]
        return load_exam(EXAM)
    finally:
        CHECKS.update(plain)  # type: ignore[attr-defined]


@cache
def _texts() -> list[str]:
    """Every text of the marked answers, each once."""
    found: dict[str, None] = {}
    for path in sorted(ANSWERS.glob("*.yaml")):
        for rows in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).values():
            for row in rows:
                found.update((value, None) for value in row["answer"].values() if isinstance(value, str))
    return [text for text in found if len(text.split()) >= 4]


@cache
def _formulas() -> list[str]:
    """The formulas of the tests, odd ones too."""
    rows = [
        row
        for name in ("equal", "different")
        for row in yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    ]
    return [str(row[side]) for row in rows for side in ("a", "b")]


def _read_by_sympy(text: str) -> Any:
    from sympy.parsing.sympy_parser import (
        convert_xor,
        implicit_multiplication_application,
        parse_expr,
        standard_transformations,
    )

    ways = (*standard_transformations, convert_xor, implicit_multiplication_application)
    return parse_expr(text, transformations=ways)


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _forget_answers() -> None:
    """Empty the memory of answers; what is remembered of single words stays, and memory is as in the served process."""
    for name, module in list(sys.modules.items()):
        if name.startswith("app.grading"):
            for attribute in vars(module).values():
                if isinstance(attribute, _lru_cache_wrapper) and attribute.__name__ not in PER_WORD:
                    attribute.cache_clear()
    settle_memory()
