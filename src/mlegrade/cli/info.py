"""The command ``info``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._ladder import number
from mlegrade.cli._output import echo, echo_json, remark, style, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlegrade.competitions import Competition

_LINES = ("gold", "silver", "bronze", "median")


@click.command(cls=Command, example="mlegrade info spooky-author\nmlegrade info spooky --json")
@_options.competition
@_options.json_flag
def command(competition: str, as_json: bool) -> None:
    """Show what is known about a competition.

    With --json also the schema of a submission, for machines; `mlegrade describe` tells it to
    people.
    """
    from mlegrade.competitions import get

    found = get(competition)
    if as_json:
        echo_json(_facts(found))
        return
    for line in _lines(found):
        echo(line)


def _facts(competition: Competition) -> dict[str, Any]:
    # The declarations load pandas: only who asks for JSON pays for them.
    from mlegrade.schema.describe import submission_schema

    medals = competition.thresholds
    board = competition.leaderboard()
    checksums = competition.checksums
    return {
        "id": competition.id,
        "name": competition.name,
        "category": competition.category,
        "complexity": competition.complexity,
        "metric": competition.metric,
        "higher_is_better": competition.higher_is_better,
        "thresholds": {line: getattr(medals, line) for line in _LINES} if medals else None,
        "leaderboard_teams": len(board) if board else None,
        "leaderboard_is_exact": competition.leaderboard_is_exact,
        "test_rows": competition.test_rows,
        "answers_file": competition.answers_file,
        "sample_submission_file": competition.sample_submission_file,
        "raw_files": list(competition.raw_files),
        "answers_raw_files": list(competition.answers_raw_files or ()) or None,
        "fixes": list(competition.fixes),
        "checksums": {
            "zip": checksums.zip,
            "public": dict(checksums.public),
            "private": dict(checksums.private),
        },
        "known_issues": [
            {
                "kind": issue.kind,
                "what": issue.what,
                "source": issue.source,
                "since": issue.since,
                "mended_by_fixes": issue.mended,
            }
            for issue in competition.known_issues
        ],
        "schema": submission_schema(competition.grading.submission),
    }


def _lines(competition: Competition) -> Iterator[str]:
    yield f"{style(competition.name, 'strong')}  {style(competition.id, 'faint')}"
    yield ""
    for name, text in _pairs(competition):
        # Names of files may be many: for people they are wrapped.
        first = f"  {name:<12}"
        yield from wrapped(text, first) if sys.stdout.isatty() else [first + text]
    for issue in competition.known_issues:
        yield ""
        yield from remark("note", f"{issue.kind}: {issue.what}")
    for fix in competition.fixes:
        yield ""
        yield from remark("good", f"prepare --fixes: {fix}")


def _pairs(competition: Competition) -> Iterator[tuple[str, str]]:
    direction = "higher" if competition.higher_is_better else "lower"
    yield "category", competition.category
    yield "complexity", competition.complexity
    yield "metric", f"{competition.metric}, {direction} is better"
    for line in _LINES if competition.thresholds else ():
        yield line, number(getattr(competition.thresholds, line))
    board = competition.leaderboard()
    if board:
        yield "teams", f"{'' if competition.leaderboard_is_exact else 'about '}{len(board)}"
    if competition.test_rows:
        yield "test rows", str(competition.test_rows)
    yield "needs", ", ".join(competition.raw_files) or "nothing to download"
