"""From the exam file's rules to parts that can be marked; collects what cannot work, with its path in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.exams.kinds import CheckRule
from app.exams.schema import BestRule, CriterionRule, ExamFile, PartRule, SumRule
from app.exams.yaml_reader import Path
from app.grading.checks import CHECKS, RuleError, Setting, compile_check
from app.grading.checks.combine import all_of, any_of, at_least, in_order, opposite, remembered
from app.grading.language import Glossary
from app.grading.marking import reachable
from app.grading.types import Best, Check, Criterion, Node, Part, ReviewRule, Sum, leaves


@dataclass(frozen=True, slots=True)
class Misfit:
    """A rule that is well formed and still cannot work, and where it stands."""

    path: Path
    message: str


class CannotCompile(Exception):
    """All misfits of an exam file."""

    def __init__(self, misfits: list[Misfit]) -> None:
        super().__init__(misfits[0].message)
        self.misfits = misfits


def compile_exam(document: ExamFile) -> dict[str, Part]:
    """All parts by id. Raises CannotCompile with every misfit found."""
    misfits = list(_structure(document))
    terms = _glossary(document, misfits)
    exam_fields = {part.id: part.fields for part in document.parts}
    parts: dict[str, Part] = {}
    for path, part in _parts(document):
        setting = Setting(part.id, part.fields, exam_fields, terms, part.prompt)
        compiled = _PartCompiler(part, path, setting, misfits).part()
        if compiled is not None:
            parts[part.id] = compiled
    if misfits:
        raise CannotCompile(misfits)
    return parts


def compile_one(rule: Mapping[str, Any], setting: Setting) -> Check:
    """A single check, written as in the exam file, outside any part."""
    misfits: list[Misfit] = []
    check = _compile(CheckRule.model_validate(rule), (), setting, {}, misfits)
    if misfits:
        raise CannotCompile(misfits)
    return check


def _parts(document: ExamFile) -> Iterator[tuple[Path, PartRule]]:
    for number, problem in enumerate(document.problems):
        for index, part in enumerate(problem.parts):
            yield ("problems", number, "parts", index), part


def _glossary(document: ExamFile, misfits: list[Misfit]) -> Glossary:
    try:
        return Glossary.of(document.terms)
    except ValueError as error:
        misfits.append(Misfit(("terms",), str(error)))
        return Glossary()


def _structure(document: ExamFile) -> Iterator[Misfit]:
    """Points that do not add up, and ids that come twice."""
    total = sum(problem.points for problem in document.problems)
    if total != document.points:
        message = (
            f"the problems add up to {float(total):g} credits, the cover says {float(document.points):g}"
        )
        yield Misfit(("points",), message)
    seen: set[str] = set()
    for number, problem in enumerate(document.problems):
        path: Path = ("problems", number)
        total = sum(part.points for part in problem.parts)
        if total != problem.points:
            message = (
                f"the parts add up to {float(total):g} credits, the problem says {float(problem.points):g}"
            )
            yield Misfit((*path, "points"), message)
        if f"problem {problem.id}" in seen:
            yield Misfit((*path, "id"), f"there is another problem {problem.id!r}")
        seen.add(f"problem {problem.id}")
        for index, part in enumerate(problem.parts):
            if part.id in seen:
                yield Misfit((*path, "parts", index, "id"), f"there is another part {part.id!r}")
            seen.add(part.id)


class _PartCompiler:
    """Compiles one part; what cannot work is noted and the rest goes on."""

    def __init__(self, part: PartRule, path: Path, setting: Setting, misfits: list[Misfit]) -> None:
        self.rule = part
        self.path = path
        self.setting = setting
        self.misfits = misfits
        self.ideas: dict[str, Check] = {}

    def part(self) -> Part | None:
        """The compiled part, or None where something could not be compiled."""
        before = len(self.misfits)
        for name, rule in self.rule.ideas.items():
            check = self._check(rule, (*self.path, "ideas", name))
            if check is not None:
                self.ideas[name] = remembered(check)
        nodes = [self._node(node, (*self.path, "marking", i)) for i, node in enumerate(self.rule.marking)]
        reviews = [self._review(index) for index in range(len(self.rule.review))]
        if len(self.misfits) > before:
            return None
        tree = Sum(tuple(node for node in nodes if node is not None))
        self._refuse_wrong_points(tree)
        self._refuse_doubled_ids(tree)
        found = tuple(review for review in reviews if review is not None)
        return Part(self.rule.id, self.rule.points, self.rule.fields, tree, found, self.rule.prompt)

    def _node(self, rule: CriterionRule | SumRule | BestRule, path: Path) -> Node | None:
        if isinstance(rule, CriterionRule):
            check = self._check(rule.check, (*path, "check"))
            return None if check is None else Criterion(rule.id, rule.points, rule.for_, check)
        key, rules = ("sum", rule.sum) if isinstance(rule, SumRule) else ("best", rule.best)
        nodes = tuple(self._node(child, (*path, key, index)) for index, child in enumerate(rules))
        kept = tuple(node for node in nodes if node is not None)
        return Sum(kept, rule.at_most) if isinstance(rule, SumRule) else Best(kept)

    def _review(self, index: int) -> ReviewRule | None:
        rule = self.rule.review[index]
        path: Path = (*self.path, "review", index)
        check = self._check(rule.when, (*path, "when"))
        known = {criterion.id for criterion in _criteria(self.rule.marking)}
        for place, name in enumerate(rule.criteria):
            if name not in known:
                message = f"there is no criterion {name!r} here; known: {', '.join(sorted(known))}"
                self.misfits.append(Misfit((*path, "criteria", place), message))
        return None if check is None else ReviewRule(check, rule.because, rule.criteria)

    def _check(self, rule: Any, path: Path) -> Check | None:
        before = len(self.misfits)
        check = _compile(rule, path, self.setting, self.ideas, self.misfits)
        return check if len(self.misfits) == before else None

    def _refuse_wrong_points(self, tree: Sum) -> None:
        most = reachable(tree)
        if most != self.rule.points:
            message = (
                f"the marking can give {float(most):g} credits, the part is worth {float(self.rule.points):g}"
            )
            self.misfits.append(Misfit((*self.path, "marking"), message))

    def _refuse_doubled_ids(self, tree: Sum) -> None:
        seen: set[str] = set()
        for criterion in leaves(tree):
            if criterion.id in seen:
                message = f"there is another criterion {criterion.id!r} in this part"
                self.misfits.append(Misfit((*self.path, "marking"), message))
            seen.add(criterion.id)


def _criteria(rules: tuple[Any, ...]) -> Iterator[CriterionRule]:
    for rule in rules:
        if isinstance(rule, CriterionRule):
            yield rule
        else:
            yield from _criteria(rule.sum if isinstance(rule, SumRule) else rule.best)


_NEVER = Check("never", (), lambda view: (_ for _ in ()).throw(AssertionError("not compiled")))


def _compile(
    rule: Any, path: Path, setting: Setting, ideas: Mapping[str, Check], misfits: list[Misfit]
) -> Check:
    """One check with all below it. A misfit is noted, and a placeholder stands in its place."""
    name, value = rule.written
    path = (*path, name)
    if name in ("all", "any", "in_order"):
        checks = [_compile(one, (*path, i), setting, ideas, misfits) for i, one in enumerate(value)]
        return {"all": all_of, "any": any_of, "in_order": in_order}[name](checks)
    if name == "at_least":
        inside = [_compile(one, (*path, "of", i), setting, ideas, misfits) for i, one in enumerate(value.of)]
        return at_least(value.n, inside)
    if name == "not":
        return opposite(_compile(value, path, setting, ideas, misfits))
    if name == "idea":
        return _idea(value, path, ideas, misfits)
    try:
        return compile_check(name, CHECKS[name], value, setting)
    except RuleError as error:
        misfits.append(Misfit((*path, *error.path), error.message))
        return _NEVER


def _idea(name: str, path: Path, ideas: Mapping[str, Check], misfits: list[Misfit]) -> Check:
    if name not in ideas:
        known = ", ".join(ideas) or "none so far"
        misfits.append(Misfit(path, f"there is no idea {name!r} above this line; known: {known}"))
    return ideas.get(name, _NEVER)
