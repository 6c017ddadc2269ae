"""What importing and using the package loads, seen in fresh processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

TABLES = {"numpy", "pandas"}
DEAR = {"matplotlib", "pycocotools", "rapidfuzz", "scipy", "shapely", "sklearn"}
FOR_PEOPLE = {"click", "rich"}


def loaded_by(code: str) -> set[str]:
    """Return the packages that a fresh interpreter has loaded after running some code."""
    report = "\nimport sys\nsys.stderr.write('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()}


@pytest.mark.parametrize(
    "code",
    [
        "import mlegrade",
        "import mlegrade; mlegrade.competition('spooky').thresholds",
        "import mlegrade; mlegrade.competitions('lite')",
        "import mlegrade; mlegrade.Medal, mlegrade.GradeReport, mlegrade.reward",
    ],
)
def test_looking_around_loads_no_tables(code: str) -> None:
    assert not loaded_by(code) & (TABLES | DEAR | FOR_PEOPLE)


def test_a_metric_loads_no_tables() -> None:
    code = "from mlegrade.metrics import log_loss; log_loss([0], [[0.5, 0.5]])"
    loaded = loaded_by(code)
    assert "numpy" in loaded
    assert not loaded & (DEAR | FOR_PEOPLE | {"pandas"})


def test_grading_a_small_file_loads_nothing_dear() -> None:
    code = """
import mlegrade
answers = b"id,EAP,HPL,MWS\\na,1,0,0\\nb,0,1,0\\n"
submission = b"id,EAP,HPL,MWS\\na,0.8,0.1,0.1\\nb,0.2,0.7,0.1\\n"
report = mlegrade.grade(submission, "spooky-author", answers=answers)
assert report.valid_submission, report
"""
    loaded = loaded_by(code)
    assert "numpy" in loaded
    assert not loaded & (DEAR | FOR_PEOPLE | {"pandas"})


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["grade", "--help"], ["list"], ["info", "spooky"]],
    ids=" ".join,
)
def test_a_look_at_the_command_line_loads_no_tables(arguments: list[str]) -> None:
    code = f"""
from mlegrade.cli import cli
cli({arguments!r}, standalone_mode=False)
"""
    assert not loaded_by(code) & (TABLES | DEAR | {"rich"})


def test_the_public_names_are_there() -> None:
    loaded_by("import mlegrade\nfor name in mlegrade.__all__: getattr(mlegrade, name)")
