"""Measure grading at the test sets' sizes, against MLE-bench's own times.

``python benchmarks/run.py [NAME]... [--real] [--json FILE]``: every competition in a process of its
own, on synthetic data that is kept in ``benchmarks/.cache``. MLE-bench's figure and ours are both
divided by what `pandas.read_csv` needs for the same two files in the same process, so that they
compare across machines.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import math
import os
import platform
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
GENERATORS = HERE.parent / "tests" / "generators"
BASELINE = HERE / "mlebench_baseline.csv"
CACHE = HERE / ".cache"

# Sizes beyond those of the baseline, where MLE-bench was measured on fewer rows than are real.
REAL_ROWS = {
    "3d-object-detection-for-autonomous-vehicles": 4536,
    "denoising-dirty-documents": 5_789_880,
    "hubmap-kidney-segmentation": 3,
    "icecube-neutrinos-in-deep-ice": 13_200_000,
    "text-normalization-challenge-english-language": 993_465,
    "text-normalization-challenge-russian-language": 1_059_191,
    "uw-madison-gi-tract-image-segmentation": 15_000,
}
# What MLE-bench takes at these sizes, in seconds and roughly: smaller test sets of the baseline do
# not have its long lists of boxes and its images.
REAL_SECONDS = {
    "3d-object-detection-for-autonomous-vehicles": 160.0,
    "hubmap-kidney-segmentation": 35.0,
    "uw-madison-gi-tract-image-segmentation": 60.0,
}
HEAD = (
    f"{'competition':<56}{'rows':>9}{'answers':>9}{'check':>9}{'grade':>9}{'total':>9}{'/read':>8}"
    f"{'MLE-bench':>10}{'better':>8}{'kept':>8}{'MiB':>6}"
)


@contextmanager
def writing_only(*names: str) -> Iterator[None]:
    """Let pandas write files of these names only: twenty other cases take time and room."""
    write = pd.DataFrame.to_csv

    def write_wanted(frame: pd.DataFrame, path: Path, **options: Any) -> None:
        if path.name in names:
            write(frame, path, **options)

    with patch.object(pd.DataFrame, "to_csv", write_wanted):
        yield


def inputs(name: str, rows: int, case: str) -> tuple[Path, Path]:
    """Return answers and submission of a size; made once."""
    from mlegrade.competitions import get  # noqa: PLC0415 only where there is work

    folder = CACHE / f"{name}-{rows}"
    listing = folder / "cases.json"
    golden = json.loads((GENERATORS.parent / "golden" / name / "cases.json").read_text())
    answers = folder / golden.get("answers", get(name).answers_file)
    if not listing.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        spec = importlib.util.spec_from_file_location("generator", GENERATORS / f"{name}.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(GENERATORS / f"{name}.py")
        generator = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(generator)
        with writing_only(answers.name, f"{case}.csv"):
            cases = {made["name"]: made["submission"] for made in generator.make(0, rows, folder)}
        for submission in set(cases.values()) - {cases[case]}:
            (folder / submission).unlink(missing_ok=True)
        listing.write_text(json.dumps(cases[case]))
    return answers, folder / json.loads(listing.read_text())


def measured(name: str, rows: int, row: dict[str, str]) -> dict[str, Any]:
    """Measure one competition in a fresh process and set it beside the baseline."""
    answers, submission = inputs(name, rows, row["case"])
    command = [sys.executable, str(HERE / "measure.py"), name, str(answers), str(submission)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    figures: dict[str, Any] = json.loads(done.stdout)
    read = figures["pandas_read_s"]
    figures["rows"] = rows
    figures["total_over_read"] = figures["total_s"] / read
    figures["grade_over_read"] = figures["grade_s"] / read
    theirs = float(row["total_over_read"])
    if rows == REAL_ROWS.get(name) and name in REAL_SECONDS:
        theirs = REAL_SECONDS[name] / read
    figures["mlebench_total_over_read"] = theirs
    figures["times_better"] = theirs / figures["total_over_read"]
    figures["times_better_kept"] = theirs / figures["grade_over_read"]
    return figures


def line(figures: dict[str, Any]) -> str:
    """Return a competition's line of the table."""
    seconds = "".join(
        f"{figures[key] * 1000:>8.1f}m" for key in ("answers_s", "check_s", "grade_s", "total_s")
    )
    return (
        f"{figures['competition_id']:<56}{figures['rows']:>9,}{seconds}"
        f"{figures['total_over_read']:>8.2f}{figures['mlebench_total_over_read']:>10.2f}"
        f"{figures['times_better']:>8.1f}{figures['times_better_kept']:>8.1f}"
        f"{figures['peak_mib']:>6.0f}"
    )


def geometric_mean(values: list[float]) -> float:
    """Return the geometric mean."""
    return math.exp(sum(map(math.log, values)) / len(values))


def machine() -> dict[str, Any]:
    """Return what was measured on."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "python": platform.python_version(),
        "machine": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
    }


def main() -> None:
    """Measure and print a table; the least of several times counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of competition ids; all by default")
    parser.add_argument("--real", action="store_true", help="the real sizes beyond the baseline's")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    with BASELINE.open(encoding="utf-8") as file:
        baseline = {row["competition_id"]: row for row in csv.DictReader(file)}
    wanted = [
        name
        for name in baseline
        if not options.names or any(part.lower() in name.lower() for part in options.names)
    ]
    if options.real:
        wanted = [name for name in wanted if name in REAL_ROWS]
    print(HEAD)
    results = []
    for name in wanted:
        rows = REAL_ROWS[name] if options.real else int(baseline[name]["n"])
        results.append(measured(name, rows, baseline[name]))
        print(line(results[-1]), flush=True)
    if len(results) > 1:
        whole = geometric_mean([figures["times_better"] for figures in results])
        kept = geometric_mean([figures["times_better_kept"] for figures in results])
        print(f"\ngeometric means: {whole:.2f} times better, {kept:.2f} with answers kept")
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "results": results}, indent=1))


if __name__ == "__main__":
    main()
