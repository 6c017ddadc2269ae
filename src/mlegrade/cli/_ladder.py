"""The human form of a grade report: a score on the ladder of medal lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlegrade.cli._output import MARKS, fits, remark, style, wrapped
from mlegrade.data import CAVEATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlegrade.competitions import Competition
    from mlegrade.report import GradeReport

__all__ = ["number", "report_lines"]

_LINES = ("gold", "silver", "bronze", "median")
# What is wrong here is the path, not the format.
_UNREAD = {"not_found", "not_a_file", "symlink"}


def number(value: float | None) -> str:
    """Return a score with as many decimals as count."""
    return "-" if value is None else f"{value:.5f}"


def report_lines(report: GradeReport, competition: Competition) -> Iterator[str]:
    """Yield a report line by line."""
    direction = "lower" if report.is_lower_better else "higher"
    yield (
        f"{style(competition.id, 'strong')}  "
        f"{style(f'{competition.metric}, {direction} is better', 'faint')}"
    )
    yield ""
    if not report.valid_submission:
        yield from _refusal(report)
        return
    yield from _ladder(report, competition)
    notes = list(report.warnings)
    if report.data_variant in CAVEATS:
        notes.append(CAVEATS[report.data_variant])
    issues = competition.issues_of(report.data_variant)
    notes += [f"known issue ({issue.kind}): {issue.what}" for issue in issues]
    for note in notes:
        yield ""
        yield from remark("note", note)


def _ladder(report: GradeReport, competition: Competition) -> Iterator[str]:
    """Yield the medal lines from best to worst, with the score where it belongs."""
    rungs = [(line, getattr(report, f"{line}_threshold")) for line in _LINES]
    rungs = [(line, value) for line, value in rungs if value is not None]
    reached = report.medal or ("median" if report.above_median else None)
    at = next((place for place, (line, _) in enumerate(rungs) if line == reached), len(rungs))
    width = max(len(number(value)) for value in (report.score, *(value for _, value in rungs)))
    texts = [f"   {number(value):>{width}}  {_coloured(line)}" for line, value in rungs]
    here = style(f"{number(report.score):>{width}}  {_verdict(report)}", "strong")
    place = _place(report, competition)
    line = f"{_mark(report)}  {here}"
    whole = line + (style(f"  {place}", "faint") if place else "")
    texts[at:at] = [whole] if fits(whole) else [line, style(f"   {place}", "faint")]
    yield from texts


def _coloured(line: str) -> str:
    return style(line, line) if line != "median" else line


def _mark(report: GradeReport) -> str:
    return style(MARKS["here"], report.medal.value if report.medal else "strong")


def _verdict(report: GradeReport) -> str:
    if report.medal:
        return f"{report.medal.value} medal"
    if report.median_threshold is None:
        return "no medal lines"
    return "no medal, above the median" if report.above_median else "no medal"


def _place(report: GradeReport, competition: Competition) -> str:
    board = competition.leaderboard()
    if report.rank is None or report.percentile is None or not board:
        return ""
    about = "" if competition.leaderboard_is_exact else "about "
    # The share of teams beaten is cut, not rounded: only one that beats all beats 100 %.
    share = int(report.percentile * 1000) / 10
    return f"{about}place {report.rank} of {len(board)}, better than {share:g} % of the teams"


def _refusal(report: GradeReport) -> Iterator[str]:
    error = report.error or {"code": "invalid", "message": "The submission is invalid."}
    yield f"{style(MARKS['bad'], 'bad')}  {style('invalid submission', 'strong')}  {error['code']}"
    yield from wrapped(str(error["message"]))
    if error["code"] not in _UNREAD:
        yield style(f"   `mlegrade describe {report.competition_id}` shows the format.", "faint")
