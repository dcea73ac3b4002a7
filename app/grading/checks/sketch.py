"""Checks of drawn curves: straight lines, and curves by their shape. A pen wobbles: every limit has a margin.

Lengths are measured on the plot as the student sees it: both axes are scaled to 1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.grading.checks import pen, pen_graph, pen_line
from app.grading.checks.frame import CheckKind, RuleError, Setting
from app.grading.types import Evidence, Outcome, Verdict, View, met, not_met, unsure

SHORTEST_LINE = 0.2

Finding = tuple[Outcome, Evidence]  # one thing that is right, wrong, or hard to tell


@dataclass(frozen=True, slots=True)
class Straight:
    """One straight line without a bend, in one or several strokes: `straight: {field: linear}`.

    `rising: true` also asks that it goes up.
    """

    field: str | None = None
    rising: bool = False


Wanted = TypeVar("Wanted", "Straight", "Curve")


@dataclass(frozen=True, slots=True)
class Prepared(Generic[Wanted]):
    """A rule with the axes of its plot: (lowest, highest)."""

    field: str
    x: tuple[float, float]
    y: tuple[float, float]
    wanted: Wanted


def prepare(rule: Wanted, setting: Setting) -> Prepared[Wanted]:
    """The axes come from the field."""
    spec = setting.spec(rule.field or "")
    if isinstance(rule, Curve):
        for key, bounds in (("near", (0.0, 1.0)), ("starts", spec.y), ("ends", spec.y)):
            value = getattr(rule, key)
            if value is not None and not bounds[0] <= value <= bounds[1]:
                raise RuleError(f"{key} must be between {bounds[0]:g} and {bounds[1]:g}", key)
    return Prepared(rule.field or "", spec.x, spec.y, rule)


def straight(rule: Prepared[Straight], view: View) -> Verdict:
    """One straight line, whatever its slope.

    Two strokes that continue each other are one line. Surprising: a very gentle arc is unsure, not wrong.
    """
    drawing = pen.scaled(view.value(rule.field), rule.x, rule.y)
    return _settle(_straight_findings(rule, drawing), "One straight line.", rule.field)


def _straight_findings(rule: Prepared[Straight], drawing: pen.Drawing) -> Iterator[Finding]:
    line = pen_line.fit_line(drawing)
    if line.length < SHORTEST_LINE:
        yield Outcome.NOT_MET, Evidence(rule.field, "a line", "This is too short for a line.")
        return
    off = pen_line.farthest(line)
    outcome = _graded(max(off, 2 * line.arc), pen_line.STRAIGHT, pen_line.BENT)
    if outcome is not Outcome.MET:
        yield outcome, Evidence(rule.field, "straight", "The line bends here.", pen_line.bend(drawing, line))
    if rule.wanted.rising and line.rise <= 0:
        yield Outcome.NOT_MET, Evidence(rule.field, "rising", "The line does not rise.")


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of a certain shape, in one or several strokes.

    `curve: {field: logistic, s_shaped: true, rising: true, starts: 0, ends: 1, near: 0.2, spans: [2, 8]}`

    It never has two values of y for one x, unless `single_valued: false`. `rising`: it never goes down.
    `s_shaped`: flat, then steep, then flat. `starts`, `ends`: the y at its left and right end, up to `near`
    off. `spans`: it reaches from the one x to the other.
    """

    field: str | None = None
    single_valued: bool = True
    rising: bool = False
    s_shaped: bool = False
    starts: float | None = None
    ends: float | None = None
    near: float = 0.2
    spans: tuple[float, float] | None = None


def curve(rule: "Prepared[Curve]", view: View) -> Verdict:
    """The shape that is asked for.

    An S from 0 to 1 in two strokes is one curve. Surprising: a jump that is drawn as an upright line is
    unsure, leaning to met, as a steep S looks the same; one that leans back over itself is not met.
    """
    drawing = pen.scaled(view.value(rule.field), rule.x, rule.y)
    return _settle(_curve_findings(rule, drawing), "The curve has the shape asked for.", rule.field)


def _curve_findings(rule: Prepared[Curve], drawing: pen.Drawing) -> Iterator[Finding]:
    wanted = rule.wanted
    if pen.width(drawing) < pen_graph.NARROWEST:
        yield Outcome.NOT_MET, Evidence(rule.field, "a curve", "This is too short for a curve.")
        return
    if wanted.single_valued and (double := pen.double_value(drawing)):
        outcome = _graded(double.off, pen.SINGLE, pen.DOUBLE)
        yield outcome, Evidence(rule.field, "single_valued", "Two values of y for one x here.", double.place)
    graph = pen_graph.as_graph(drawing)
    if wanted.rising:
        yield from _falls(rule, graph)
    if wanted.s_shaped:
        yield from _shape(rule, graph)
    yield from _ends(rule, wanted, graph)


def _falls(rule: Prepared[Curve], graph: pen_graph.Graph) -> Iterator[Finding]:
    fall = pen_graph.deepest_fall(graph)
    outcome = _graded(fall.off, pen_graph.LEVEL, pen_graph.FALLING)
    if outcome is not Outcome.MET:
        yield outcome, Evidence(rule.field, "rising", "The curve goes down here.", fall.place)


def _shape(rule: Prepared[Curve], graph: pen_graph.Graph) -> Iterator[Finding]:
    """Flat, steep, flat: by the share of the whole rise within the first, the steepest and the last fifth."""
    first, steepest, last = pen_graph.shares_of_rise(graph)
    flat = _graded(max(first, last), pen_graph.FLAT, pen_graph.NOT_FLAT)
    steep = _graded(1 - steepest, 1 - pen_graph.STEEP, 1 - pen_graph.NOT_STEEP)
    for outcome, sentence in (
        (flat, "An S is flat at both ends; this is not."),
        (steep, "An S is steep in between; this is not."),
    ):
        if outcome is not Outcome.MET:
            yield outcome, Evidence(rule.field, "s_shaped", sentence)
    if pen_graph.is_jump(graph):
        yield Outcome.UNSURE, Evidence(rule.field, "s_shaped", "The curve jumps: a step or a steep S?")


def _ends(rule: Prepared[Curve], wanted: Curve, graph: pen_graph.Graph) -> Iterator[Finding]:
    height, width = rule.y[1] - rule.y[0], rule.x[1] - rule.x[0]
    for name, target, at in (("starts", wanted.starts, 0), ("ends", wanted.ends, -1)):
        if target is None:
            continue
        y = rule.y[0] + graph.heights[at] * height
        outcome = _graded(abs(y - target), wanted.near, 1.5 * wanted.near)
        if outcome is not Outcome.MET:
            sentence = f"The curve {name} at y = {y:.2f}, far from {target:g}."
            yield outcome, Evidence(rule.field, f"{name} near {target:g}", sentence, graph.place(at, at))
    if wanted.spans:
        left, right = (rule.x[0] + x * width for x in graph.ends)
        missing = max(left - wanted.spans[0], wanted.spans[1] - right) / width
        outcome = _graded(missing, 0.0, pen_graph.TOO_SHORT)
        if outcome is not Outcome.MET:
            sentence = f"The curve reaches from x = {left:.1f} to {right:.1f} only."
            yield outcome, Evidence(rule.field, "spans", sentence)


def _graded(off: float, fine: float, wrong: float) -> Outcome:
    """Right up to `fine`, wrong from `wrong` on, hard to tell in between."""
    if off <= fine:
        return Outcome.MET
    return Outcome.NOT_MET if off >= wrong else Outcome.UNSURE


def _settle(findings: Iterator[Finding], praise: str, field: str) -> Verdict:
    found = list(findings)
    wrong = [evidence for outcome, evidence in found if outcome is Outcome.NOT_MET]
    if wrong:
        return not_met(" ".join(dict.fromkeys(one.sentence for one in wrong)), *wrong)
    doubtful = [evidence for outcome, evidence in found if outcome is Outcome.UNSURE]
    if doubtful:
        return unsure(" ".join(dict.fromkeys(one.sentence for one in doubtful)), *doubtful, likely=True)
    return met(praise, Evidence(field, "shape", praise))


SKETCH_CHECKS: Mapping[str, CheckKind] = {
    "straight": CheckKind(Straight, straight, ("sketch",), prepare=prepare),
    "curve": CheckKind(Curve, curve, ("sketch",), prepare=prepare),
}
