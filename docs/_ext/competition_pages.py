"""Writes one page for each competition, from its folder, and a page that lists them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade.competitions import SPLITS, get, ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from mlegrade.competitions import Competition

_LINES = ("gold", "silver", "bronze", "median")
_SPLITS = {
    "low": "Low complexity (the split `lite`)",
    "medium": "Medium complexity",
    "high": "High complexity",
    "dev": "For development",
    "demo": "For demonstration",
}


def write_pages(app: Sphinx) -> None:
    """Write the folder ``competitions`` of the sources anew."""
    folder = Path(app.srcdir) / "competitions"
    folder.mkdir(exist_ok=True)
    wanted = {"index.md": "\n".join(_index())}
    for name in ids():
        wanted[f"{name}.md"] = "\n".join(_page(get(name)))
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        path = folder / name
        # Pages that stay the same keep their time, so that Sphinx need not read them again.
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _index() -> Iterator[str]:
    yield "# Competitions\n"
    yield "Commands and functions take a competition's id, or any unambiguous beginning of one."
    yield "`mlegrade list` shows the same in a terminal; known issues are explained on each page.\n"
    for split, title in _SPLITS.items():
        names = ids(split) if split in SPLITS else []
        if not names:
            continue
        yield f"## {title}\n"
        yield "| competition | category | metric | known issues |"
        yield "| --- | --- | --- | --- |"
        for name in names:
            found = get(name)
            issues = ", ".join(found.flags) or "none"
            link = f"[{found.name}]({name}.md) `{name}`"
            yield f"| {link} | {found.category} | `{found.metric}` | {issues} |"
        yield ""
    listed = "\n".join(sorted(ids(), key=str.lower))
    yield f"```{{toctree}}\n:hidden:\n\n{listed}\n```\n"


def _page(competition: Competition) -> Iterator[str]:
    yield f"# {competition.name}\n"
    yield "| | |"
    yield "| --- | --- |"
    for name, text in _facts(competition):
        yield f"| {name} | {text} |"
    yield ""
    yield from _thresholds(competition)
    yield from _issues(competition)
    yield from _checksums(competition)
    yield "## What an agent is told\n"
    yield _below(competition.description(), 2)


def _facts(competition: Competition) -> Iterator[tuple[str, str]]:
    direction = "higher" if competition.higher_is_better else "lower"
    yield "id", f"`{competition.id}`"
    yield "category", competition.category
    yield "complexity", competition.complexity
    yield "metric", f"`{competition.metric}`, {direction} is better"
    for name, value in competition.grading.options.items():
        yield f"`{name}`", f"`{value!r}`".replace("|", "\\|")
    if competition.test_rows:
        yield "test rows", f"{competition.test_rows:,}"
    yield "answers", f"`prepared/private/{competition.answers_file}`"
    yield "sample submission", f"`prepared/public/{competition.sample_submission_file}`"
    if competition.raw_files:
        yield "prepared from", ", ".join(f"`{name}`" for name in competition.raw_files)


def _thresholds(competition: Competition) -> Iterator[str]:
    medals = competition.thresholds
    yield "## Medals\n"
    if medals is None:
        yield "There are no medal lines: every valid submission gets a score and no medal.\n"
        return
    yield "| line | score |"
    yield "| --- | --- |"
    for line in _LINES:
        yield f"| {line} | {getattr(medals, line):.10g} |"
    yield ""
    board = competition.leaderboard()
    if board:
        kind = "" if competition.leaderboard_is_exact else ", an approximate one"
        yield f"Places and percentiles refer to a leaderboard of {len(board):,} teams{kind}.\n"
    else:
        yield "There is no leaderboard in the package, thus neither place nor percentile.\n"
    note = competition.facts.get("medals", {}).get("note")
    if note:
        yield f"{note}\n"


def _issues(competition: Competition) -> Iterator[str]:
    if competition.known_issues:
        yield "## Known issues\n"
        for issue in competition.known_issues:
            mended = " (Mended by `prepare --fixes`.)" if issue.mended else ""
            yield f"- **{issue.kind}**: {issue.what}{mended}"
        yield ""


def _checksums(competition: Competition) -> Iterator[str]:
    sums = competition.checksums
    rows = [
        *(("public", name, value) for name, value in sums.public.items()),
        *(("private", name, value) for name, value in sums.private.items()),
    ]
    if rows:
        yield "## Checksums of the prepared files\n"
        yield "| folder | file | MD5 |"
        yield "| --- | --- | --- |"
        for folder, name, value in rows:
            yield f"| {folder} | `{name}` | `{value}` |"
        yield ""


def _below(text: str, level: int) -> str:
    """Return Markdown with its headings below a heading of this level; code stays as it is."""
    lines = text.splitlines()
    depths = [len(match[1]) for _, match in _headings(lines)]
    shift = level + 1 - min(depths, default=level + 1)
    for at, match in _headings(lines):
        lines[at] = "#" * min(len(match[1]) + shift, 6) + match[2]
    return "\n".join([*lines, ""])


def _headings(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    inside = False
    for at, line in enumerate(lines):
        if line.startswith("```"):
            inside = not inside
        match = re.match(r"(#+)(\s.*)", line)
        if match and not inside:
            yield at, match


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
