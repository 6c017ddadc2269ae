"""Reports that the tests of the summary write themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlegrade.competitions import Competition, ids
from mlegrade.report import GradeReport
from mlegrade.summary import Grid, Run, arrange

PUBLISHED = Path(__file__).parents[1] / "data" / "medals"
LITE = ids("lite")
WORDS = {"g": "gold", "s": "silver", "b": "bronze"}


def published(name: str) -> Any:
    return json.loads((PUBLISHED / name).read_text(encoding="utf-8"))


def report(competition: str = LITE[0], medal: str = "g", **more: Any) -> dict[str, Any]:
    """Return a report: g, s, b for a medal, v for valid, i for invalid, - for no submission."""
    from mlegrade.competitions import get

    facts = get(competition)
    valid = medal not in "i-"
    lines = facts.thresholds
    score = None
    if valid:
        score = _inside(getattr(lines, WORDS[medal]), facts) if medal in WORDS else None
    if medal == "v":
        score = -1.0 if facts.higher_is_better else 1e9
    data: dict[str, Any] = {
        "competition_id": competition,
        "score": score,
        "is_lower_better": not facts.higher_is_better,
        "submission_exists": medal != "-",
        "valid_submission": valid,
        "above_median": medal in WORDS,
        "medal": WORDS.get(medal),
        "gold_threshold": lines.gold if lines else None,
        "median_threshold": lines.median if lines else None,
    }
    return data | more


def _inside(line: float, facts: Competition) -> float:
    """Return the worst score of 5 decimals that is not beyond a line, which may have more."""
    sign = 1 if facts.higher_is_better else -1
    score = round(line, 5)
    return score if sign * score >= sign * line else round(score + sign * 1e-5, 5)


def graded(competition: str, medal: str, **more: Any) -> GradeReport:
    return GradeReport.from_dict(report(competition, medal, **more))


def run(competition: str, seed: str, medal: str, *, timeline: Any = (), **more: Any) -> Run:
    made = graded(competition, medal, **more)
    return Run(competition_id=competition, seed=seed, report=made, timeline=timeline)


def grid(*rows: str, **options: Any) -> Grid:
    """Return a grid: each text a competition, each letter a seed; a blank is a missing run."""
    runs = [
        run(LITE[at], str(seed), medal)
        for at, row in enumerate(rows)
        for seed, medal in enumerate(row, 1)
        if medal != " "
    ]
    return arrange(runs, **options)


def write(path: Path, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(item) + "\n" for item in data))
    else:
        path.write_text(json.dumps(data))
    return path


def write_group(folder: Path, rows: dict[str, str], *, hours: int = 3) -> Path:
    """Write a run group as the runner does: the medal comes in the last of the hours."""
    runs = []
    for competition, row in rows.items():
        for seed, medal in enumerate(row):
            runs.append({"competition_id": competition, "seed": seed})
            place = folder / competition / f"seed-{seed}"
            if medal == " ":
                write(place / "journal.json", {"state": "failed", "fault": "setup"})
                continue
            write(place / "journal.json", {"state": "finished", "fault": None})
            meta = {"group": folder.name, "seed": seed, "agent": "dummy", "state": "finished"}
            final = report(competition, medal, meta=meta)
            write(place / "report.json", final)
            early = report(competition, "i" if medal == "i" else "v", meta=meta)
            lines = [
                {"elapsed": 3600.0 * hour, "sha256": "0", "report": early}
                for hour in range(1, hours)
            ]
            lines.append({"elapsed": 3600.0 * hours, "sha256": "1", "report": final})
            write(place / "snapshots.jsonl", [] if medal == "-" else lines)
    write(folder / "group.json", {"schema_version": 1, "group": folder.name, "runs": runs})
    return folder
