"""The rooms of the package and the one-way doors between them, read from the import statements."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[1] / "src" / "mlegrade"

# A module imports from its own room and from those before it. "mlegrade" is the package's front.
ROOMS = (
    "_lazy",
    "errors",
    "metrics",
    "medals",
    "formats",
    "schema",
    "leaderboards",
    "competitions",
    "data",
    "report",
    "_sha256",
    "_files",
    "rewards",
    "grading",
    "batch",
    "mlegrade",
    "testing",
    "scaffold",
    "summary",
    "prepare",
    "demo",
    "compat",
    "plots",
    "runner",
    "integrations",
    "cli",
    "__main__",
)
FOR_PEOPLE = {"click", "rich"}
# Dear to import: whoever needs one imports it in the function that does.
DEAR = {"matplotlib", "pycocotools", "rapidfuzz", "scipy", "shapely", "sklearn"}

MODULES = sorted(SOURCE.rglob("*.py"))


def room_of(parts: tuple[str, ...]) -> str:
    """Return the room of a module, given by its parts below the package."""
    if not parts:
        return "mlegrade"
    # A preparer lives in its competition's folder, but belongs to those who prepare.
    if parts[0] == "competitions" and len(parts) > 2 and parts[-1] == "prepare":
        return "prepare"
    return parts[0]


def name_of(path: Path) -> tuple[str, ...]:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Yield what a module imports, inside functions and for types alike."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            home = tuple(str(node.module).split("."))
            # `from mlegrade import data` names a room; `from mlegrade.data import x` a thing.
            yield from ((*home, alias.name) if len(home) == 1 else home for alias in node.names)


def top_level(tree: ast.Module) -> ast.Module:
    """Return what runs when a module is imported: no functions, nothing that is for types only."""
    body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        and not isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    return ast.Module(body, [])


def test_every_room_has_its_place() -> None:
    assert {room_of(name_of(path)) for path in MODULES} == set(ROOMS)


def test_the_page_on_architecture_shows_the_rooms_in_this_order() -> None:
    page = (SOURCE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \|", page.partition("## Doors")[0], re.MULTILINE)
    assert shown == [room for room in ROOMS if room != "mlegrade" and not room.startswith("_")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(name_of(path)) or "mlegrade")
def test_doors_open_one_way(path: Path) -> None:
    own = room_of(name_of(path))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for target in imports(tree):
        if target[0] == "mlegrade":
            other = room_of(target[1:]) if target[1:2] and target[1] in ROOMS else "mlegrade"
            assert ROOMS.index(other) <= ROOMS.index(own), f"{own} imports {'.'.join(target)}"
            private = [part for part in target[2:] if part.startswith("_")]
            assert other == own or not private, f"{own} imports {'.'.join(target)}: private"
        else:
            assert own == "cli" or target[0] not in FOR_PEOPLE, f"{own} imports {target[0]}"
            assert own != "metrics" or target[0] != "pandas", "a metric knows no tables"
    dear = {target[0] for target in imports(top_level(tree))} & DEAR
    assert not dear, f"imported by all who import {own}: {dear}"


def test_a_grader_never_imports_its_preparer() -> None:
    for path in SOURCE.glob("competitions/*/grader.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not any("prepare" in target for target in imports(tree)), path.parent.name
