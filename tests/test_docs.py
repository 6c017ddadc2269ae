"""The pages of the documentation say what the code does."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import mlegrade
from mlegrade import errors
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


def test_examples_and_pages_name_what_the_package_has() -> None:
    sources = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"(?<![\w./-])mlegrade\.([A-Za-z]\w*)", text))
    assert {"grade", "Item", "RewardKind"} <= named
    rooms = {path.stem for path in (ROOT / "src" / "mlegrade").iterdir()}
    # `mlegrade.json` is a file, `mlegrade.cli` and the like are rooms.
    assert named - rooms - {"json"} <= set(mlegrade.__all__)


@pytest.mark.parametrize(
    "module", ["", ".summary", ".plots", ".runner", ".schema", ".prepare", ".integrations.harbor"]
)
def test_the_reference_lists_every_public_name(module: str) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^   (?:\w+\.)*(\w+)$", page, re.MULTILINE))
    listed |= set(re.findall(r"`(?:mlegrade\.)?([A-Za-z]+)(?:`|\()", page))
    # Whole modules stand there, or have pages of their own.
    listed |= {*errors.__all__, "medals", "metrics", "__version__"}
    assert set(import_module(f"mlegrade{module}").__all__) <= listed
