"""Herbarium 2021: a fifth of the sheets of each species becomes the test set, under new names."""

import json
import random

import pandas as pd

from mlegrade.prepare import Workspace, split_classes, write_csv, write_json

HIDDEN = ("annotations", "categories", "institutions")
STYLE = {"indent": 4, "sort_keys": True}


def prepare(
    files: Workspace,
    base: str = "",
    encoding: str = "utf-8",
    hidden: tuple[str, ...] = HIDDEN,
) -> None:
    """Make public and private data."""
    metadata = json.loads(files.raw(f"{base}train/metadata.json").read_text(encoding))
    train, test = split_classes(metadata, 0.2)
    random.Random(0).shuffle(test)
    classes = [annotation["category_id"] for annotation, _ in test]
    answers = pd.DataFrame({"Id": range(len(test)), "Predicted": classes})
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "sample_submission.csv", answers.assign(Predicted=0))
    if files.answers_only:
        return
    names = {
        image["file_name"]: f"images/{number // 1000:03d}/{number}.jpg"
        for number, (_, image) in enumerate(test)
    }
    annotations, images = (list(part) for part in zip(*train, strict=True))
    shown = [
        {**image, "id": str(number), "file_name": names[image["file_name"]]}
        for number, (_, image) in enumerate(test)
    ]
    told = {key: value for key, value in metadata.items() if key not in hidden}
    parts = {
        "train": {**metadata, "annotations": annotations, "images": images},
        "test": {**told, "images": shown},
    }
    for part, content in parts.items():
        write_json(files.public / f"{base}{part}" / "metadata.json", content, **STYLE)
    kept = [image["file_name"] for image in images]
    files.copy_files(f"{base}train", kept, to=f"{base}train")
    files.copy_files(f"{base}train", names, to=f"{base}test")
