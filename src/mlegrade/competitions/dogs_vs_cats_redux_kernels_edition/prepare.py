"""Dogs vs. Cats Redux: one tenth of the photographs becomes the test set, all get new numbers."""

from collections import Counter

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    images = [name for name in files.folder("train").names() if name.endswith(".jpg")]
    train, test = split(images, 0.1)
    answers = pd.DataFrame(
        {"id": range(1, len(test) + 1), "label": [int("dog" in n) for n in test]}
    )
    write_csv(files.public / "sample_submission.csv", answers.assign(label=0.5))
    write_csv(files.private / "answers.csv", answers)
    numbered = {name: f"{number}.jpg" for number, name in enumerate(test, start=1)}
    for part, names in (("train", _numbered_by_kind(train)), ("test", numbered)):
        files.copy_files("train", names, to=part)
        files.write_zip(f"{part}.zip", "train", names)


def _numbered_by_kind(names: list[str]) -> dict[str, str]:
    """Return new names: a running number for the cats, and one for the dogs."""
    count: Counter[str] = Counter()
    new = {}
    for name in names:
        kind = "cat" if "cat" in name else "dog"
        new[name] = f"{kind}.{count[kind]}.jpg"
        count[kind] += 1
    return new
