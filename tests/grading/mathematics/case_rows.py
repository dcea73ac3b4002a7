"""The case files of this folder as test parameters, named by why each case is there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    """One parameter, a mapping, for each row of a file."""
    found = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        pytest.param(case, id=f"{number + 1}: {case.get('why', '')}") for number, case in enumerate(found)
    ]
