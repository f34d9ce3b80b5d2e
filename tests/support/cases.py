"""The folder of files as people really have them, where this machine has it."""

import os
from pathlib import Path

import pytest

VARIABLE = "DIGITSCOPE_CASES"
BESIDE = Path(__file__).parents[3] / "shared" / "data" / "cases"  # beside the checkout


def case(name: str) -> Path:
    """The file or folder of a case, as P01; skips the test where the cases are not here."""
    folder = Path(os.environ.get(VARIABLE, BESIDE))
    if not folder.is_dir():
        pytest.skip(f"the cases are not on this machine (no {VARIABLE}, none beside the checkout)")
    return next(folder.glob(f"{name}[-_]*"))
