"""The table of checks. A new check is one entry in its family; an unknown name is refused when an exam is loaded."""

from collections.abc import Mapping

from app.grading.checks.choice import CHOICE_CHECKS
from app.grading.checks.entered import ENTERED_CHECKS
from app.grading.checks.frame import CheckKind, RuleError, Setting, compile_check
from app.grading.checks.graph import GRAPH_CHECKS
from app.grading.checks.math import MATH_CHECKS
from app.grading.checks.matrix import MATRIX_CHECKS
from app.grading.checks.network import NETWORK_CHECKS
from app.grading.checks.number import NUMBER_CHECKS
from app.grading.checks.shape import SHAPE_CHECKS
from app.grading.checks.sketch import SKETCH_CHECKS
from app.grading.checks.table import TABLE_CHECKS
from app.grading.checks.text import TEXT_CHECKS

CHECKS: Mapping[str, CheckKind] = {
    **TEXT_CHECKS,
    **ENTERED_CHECKS,
    **CHOICE_CHECKS,
    **NUMBER_CHECKS,
    **MATH_CHECKS,
    **SHAPE_CHECKS,
    **MATRIX_CHECKS,
    **TABLE_CHECKS,
    **GRAPH_CHECKS,
    **SKETCH_CHECKS,
    **NETWORK_CHECKS,
}

__all__ = ["CHECKS", "CheckKind", "RuleError", "Setting", "compile_check"]
