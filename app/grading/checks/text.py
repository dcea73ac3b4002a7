"""All checks of free text."""

from app.grading.checks.entries import ENTRIES_CHECKS
from app.grading.checks.says import SAYS_CHECKS
from app.grading.checks.shares import SHARES_CHECKS
from app.grading.checks.stance import STANCE_CHECKS

TEXT_CHECKS = {**SAYS_CHECKS, **STANCE_CHECKS, **SHARES_CHECKS, **ENTRIES_CHECKS}
