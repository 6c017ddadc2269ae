"""Measure how the time of grading grows with the number of rows, and plot it.

``python benchmarks/growth.py [--most ROWS] [--out FILE.svg] [--json FILE]``: one competition of
each family, a kept `Grader`, from a hundred rows up; data is kept in ``benchmarks/.cache``. Where
many rows take minutes to make, they are copies of fewer, with keys of their own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from run import CACHE, inputs, machine

HERE = Path(__file__).parent

# One competition of each family, and the rows up to which all of its data is made anew.
FAMILIES = {
    "probabilities": ("spooky-author-identification", 10**6),
    "ranks (ROC AUC)": ("aerial-cactus-identification", 10**6),
    "classes": ("tabular-playground-series-dec-2021", 10**6),
    "numbers in groups": ("champs-scalar-coupling", 10**6),
    "ranked lists": ("h-and-m-personalized-fashion-recommendations", 10**5),
    "text": ("bms-molecular-translation", 10**6),
    "masks": ("tgs-salt-identification-challenge", 10**4),
    "orders": ("AI4Code", 10**4),
    "boxes": ("vinbigdata-chest-xray-abnormalities-detection", 10**4),
    "angles": ("icecube-neutrinos-in-deep-ice", 10**7),
}


def measured(name: str, made: int, rows: int) -> dict[str, Any]:
    """Measure one competition at one size in a fresh process."""
    files = inputs(name, min(rows, made), "noisy")
    answers, submission = (copied(file, rows // made) if rows > made else file for file in files)
    command = [sys.executable, str(HERE / "measure.py"), name, str(answers), str(submission)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def copied(file: Path, times: int) -> Path:
    """Return a file with the rows of another so many times, with other keys each; made once."""
    path = CACHE / f"{file.parent.name}-times-{times}" / file.name
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        rows = pd.read_csv(file, dtype=str, keep_default_na=False)
        keys = rows.iloc[:, 0].copy()
        part = path.with_suffix(".part")
        for copy in range(times):
            rows.isetitem(0, f"{copy:04d}" + keys)
            rows.to_csv(part, mode="a" if copy else "w", header=not copy, index=False)
        part.replace(path)
    return path


def plot(series: dict[str, list[tuple[int, float]]], path: Path) -> None:
    """Draw the times against the number of rows, both logarithmic."""
    from mlegrade.plots import save  # noqa: PLC0415 an extra
    from mlegrade.plots._figure import new_figure  # noqa: PLC0415 an extra

    figure, axes = new_figure(8, 5.2)
    for number, (family, points) in enumerate(series.items()):
        rows, seconds = zip(*points, strict=True)
        axes.loglog(rows, seconds, marker="os^Dv"[number % 5], markersize=4, label=family)
    low, high = axes.get_xlim()
    axes.loglog([low, high], [low * 1e-6, high * 1e-6], color="0.6", linestyle=":", linewidth=1)
    axes.annotate("1 µs a row", (high, high * 1e-6), color="0.4", ha="right", va="bottom")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("rows of the test set")
    axes.set_ylabel("seconds from file to report")
    axes.grid(visible=True, which="major", color="0.9")
    axes.legend(frameon=False, fontsize="small", ncols=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(figure, path)


def main() -> None:
    """Measure, print and plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10**6, help="the largest number of rows")
    parser.add_argument("--out", type=Path, help="where to write the plot")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    series: dict[str, list[tuple[int, float]]] = {}
    for family, (name, made) in FAMILIES.items():
        rows = 100
        while rows <= options.most:
            seconds = measured(name, made, rows)["grade_s"]
            series.setdefault(family, []).append((rows, seconds))
            print(f"{family:<20}{name:<50}{rows:>11,}{seconds * 1000:>11.2f} ms", flush=True)
            rows *= 10
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "series": series}, indent=1))
    if options.out:
        plot(series, options.out)


if __name__ == "__main__":
    main()
