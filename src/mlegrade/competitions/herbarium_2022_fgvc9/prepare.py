"""Herbarium 2022: a fifth of the sheets of each species becomes the test set, all get new names."""

import json
import random
from collections import Counter
from typing import Any

import pandas as pd

from mlegrade.prepare import Workspace, split_classes, write_csv, write_json

STYLE = {"indent": 4, "sort_keys": True}


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    metadata = json.loads(files.raw("train_metadata.json").read_bytes())
    train, test = split_classes(metadata, 0.2, few=2)
    random.Random(0).shuffle(test)
    classes = [annotation["category_id"] for annotation, _ in test]
    answers = pd.DataFrame({"Id": range(len(test)), "Predicted": classes})
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "sample_submission.csv", answers.assign(Predicted=42))
    if files.answers_only:
        return
    count: Counter[int] = Counter()
    annotations: list[dict[str, Any]] = []
    images: list[dict[str, Any]] = []
    for annotation, image in train:
        kind = annotation["category_id"]
        count[kind] += 1
        name = f"{kind:05d}__{count[kind]:03d}"
        path = f"{kind // 100:03d}/{kind % 100:02d}/{name}.jpg"
        annotations.append({**annotation, "image_id": name})
        images.append({**image, "image_id": name, "file_name": path})
    told = {**metadata, "annotations": annotations, "images": images}
    write_json(files.public / "train_metadata.json", told, **STYLE)
    shown = [
        {
            **image,
            "image_id": str(number),
            "file_name": f"{number // 1000:03d}/test-{number:06d}.jpg",
        }
        for number, (_, image) in enumerate(test)
    ]
    write_json(files.public / "test_metadata.json", shown, **STYLE)
    for part, pairs, new in (("train", train, images), ("test", test, shown)):
        old = [image["file_name"] for _, image in pairs]
        names = dict(zip(old, [image["file_name"] for image in new], strict=True))
        files.copy_files("train_images", names, to=f"{part}_images")
