"""The files of a new package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlegrade.metrics import MetricInfo
    from mlegrade.scaffold._guess import Declaration

__all__ = ["files", "module_of"]

_PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{distribution}"
version = "0.1.0"
dependencies = ["mlegrade"]

[project.entry-points."mlegrade.competitions"]
{id} = "{module}"
"""

_README = """\
# {title}

A competition for mlegrade: `pip install -e .` here, and every command knows `{id}`.

```sh
mlegrade describe {id}
mlegrade grade submission.csv {id} --answers test.csv
```

What to look through, in `src/{module}`:

- `description.md` is what an agent is told. `mlegrade describe` adds what a submission looks like.
- `grader.py` declares the columns of a submission and of the answers, and the metric.
- `competition.toml` holds the facts, and the medal lines where there is a leaderboard.

In a data directory, the answers are `{id}/prepared/private/test.csv`; what an agent may see
is in `{id}/prepared/public`, with a `sample_submission.csv`. The tests grade synthetic data,
as `mlegrade synth {id} --out data` makes it.
"""

_TITLE = '"""{title}."""\n'

_FACTS = """\
id = "{id}"
name = "{title}"
category = "Tabular"
complexity = "dev"
metric = "{metric}"
higher_is_better = {higher}
answers = "test.csv"
sample_submission = "sample_submission.csv"

# The scores at the medal lines, where there is a leaderboard:
# [medals]
# gold = {lines[0]}
# silver = {lines[1]}
# bronze = {lines[2]}
# median = {lines[3]}
"""

_DESCRIPTION = """\
# {title}

## Task
Predict {predicted} for every row of the test set.

## Data
- `sample_submission.csv`: the rows of the test set, in the form of a submission.

## Evaluation
The metric is {metric_in_words}; {direction} is better, and {optimum:g} is perfect.
"""

_TEST = '''\
"""Submissions are graded as the declaration says."""

from pathlib import Path

import mlegrade
from mlegrade.metrics import metric_info
from mlegrade.testing import write_data_dir


def test_right_and_broken_submissions(tmp_path: Path) -> None:
    submissions = write_data_dir("{id}", tmp_path).submissions
    grader = mlegrade.Grader("{id}", data_dir=tmp_path)
    best = metric_info(grader.competition.grading.metric).optimum
    assert abs(grader.score(submissions / "perfect.csv") - best) < 1e-9
    for path in (submissions / "broken").iterdir():
        assert not grader(path).valid_submission
'''


def module_of(competition_id: str) -> str:
    """Return the import name of a competition's package."""
    return f"mlegrade_{competition_id.lower().replace('-', '_')}"


def files(competition_id: str, declared: Declaration, metric: MetricInfo) -> dict[str, str]:
    """Return the contents of the files of a package, by their names.

    Parameters
    ----------
    competition_id : str
        The competition's id.
    declared : Declaration
        How it is graded.
    metric : MetricInfo
        The metric that it names.
    """
    higher = metric.higher_is_better
    module = module_of(competition_id)
    facts = {
        "id": competition_id,
        "title": " ".join(word[0].upper() + word[1:] for word in competition_id.split("-")),
        "module": module,
        "distribution": module.replace("_", "-"),
        "predicted": ", ".join(f"`{name}`" for name in declared.columns),
        "metric": metric.name,
        "metric_in_words": metric.name.replace("_", " "),
        "higher": str(higher).lower(),
        "direction": "higher" if higher else "lower",
        "optimum": metric.optimum,
        "lines": (0.9, 0.8, 0.7, 0.5) if higher else (0.1, 0.2, 0.3, 0.5),
    }
    home = f"src/{module}"
    texts = {
        "pyproject.toml": _PYPROJECT,
        "README.md": _README,
        f"{home}/__init__.py": _TITLE,
        f"{home}/competition.toml": _FACTS,
        f"{home}/description.md": _DESCRIPTION,
        "tests/test_grading.py": _TEST,
    }
    made = {name: text.format_map(facts) for name, text in texts.items()}
    return made | {f"{home}/grader.py": f"{made[f'{home}/__init__.py']}\n{declared.source}"}
