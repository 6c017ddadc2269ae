"""The pages of the documentation say what the code does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from mlegrade.formats import groups, run_lengths

ROOT = Path(__file__).parents[1]
# Where a call names the code of what is wrong.
PLACES = {"InvalidSubmissionError": 0, "Fault": 0, "reject": 2}


def codes_in(path: Path) -> set[str]:
    """Return the codes of errors that a module names in its calls."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            place = PLACES.get(name if isinstance(name, str) else getattr(name, "id", ""), 99)
            code = node.args[place] if place < len(node.args) else None
            if isinstance(code, ast.Constant):
                found.add(code.value)
    return found


def test_the_page_on_untrusted_input_lists_every_code() -> None:
    page = (ROOT / "docs" / "untrusted-input.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z0-9_]+)` \|", page, re.MULTILINE)
    assert len(listed) == len(set(listed))
    source = ROOT / "src" / "mlegrade"
    rooms = [source / "grading.py", *(source / "schema").glob("*.py"), *source.glob("formats/*.py")]
    codes = set().union(*map(codes_in, rooms), groups._EXPECTED, run_lengths._EXPECTED)
    assert set(listed) == codes
