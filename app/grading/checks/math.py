"""The checks of formulas, gathered."""

from app.grading.checks.formula import FORMULA
from app.grading.checks.working import WORKING

MATH_CHECKS = {"formula": FORMULA, "working": WORKING}
