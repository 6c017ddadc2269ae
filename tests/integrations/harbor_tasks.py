"""Tasks that tests export, look at, and grade in as the verifier does."""

from __future__ import annotations

import json
import shutil
from functools import cache
from typing import TYPE_CHECKING, Any

from mlegrade.competitions import ids
from mlegrade.integrations.harbor import export, verify
from mlegrade.testing import write_data_dir
from scratch import new_folder

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.integrations.harbor import Exported
    from mlegrade.report import GradeReport

ROWS = 20


@cache
def made_up_data() -> Path:
    """Return a data directory with made-up data of every competition; not to be changed."""
    folder = new_folder()
    for name in ids():
        write_data_dir(name, folder, rows=ROWS)
    return folder


@cache
def all_tasks() -> dict[str, Exported]:
    """Return a task for every competition; not to be changed."""
    exported = export(ids(), out=new_folder() / "tasks", data_dir=made_up_data())
    return {one.competition_id: one for one in exported}


def content(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def verified(task: Path, scratch: Path, submission: bytes | None) -> tuple[GradeReport, Any]:
    """Grade a submission in a copy of a task; return the report, and what ``reward.json`` holds."""
    config = placed(task, scratch, submission)
    report = verify(config, scratch / "logs")
    return report, json.loads((scratch / "logs" / "reward.json").read_text())


def placed(task: Path, scratch: Path, submission: bytes | None) -> Path:
    """Copy a task's part of the verifier, with the submission in a folder of its own."""
    shutil.copytree(task / "tests", scratch / "tests")
    (scratch / "submission").mkdir()
    if submission is not None:
        (scratch / "submission" / "submission.csv").write_bytes(submission)
    config = scratch / "tests" / "verify.json"
    changed = json.loads(config.read_text())
    assert changed["submission"] == "/home/submission/submission.csv"
    changed["submission"] = str(scratch / "submission" / "submission.csv")
    config.write_text(json.dumps(changed))
    return config
