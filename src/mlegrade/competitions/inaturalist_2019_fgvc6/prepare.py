"""iNaturalist 2019: 12 per cent of the photographs of each species become the test set."""

import json
import random
from typing import Any

import pandas as pd

from mlegrade.prepare import Workspace, split_classes, write_csv, write_json

STYLE = {"indent": 4, "sort_keys": True}
SAMPLE = 654


def prepare(files: Workspace) -> None:
    """Make public and private data; the archives are plain tar, whatever their names say."""
    metadata = json.loads(files.raw("train2019.json").read_bytes())
    train, test = split_classes(metadata, 0.12)
    random.Random(0).shuffle(test)
    if files.fixes:  # photographs of one species have numbers close to each other
        test = [(note, {**image, "id": number}) for number, (note, image) in enumerate(test)]
    rows = [(image["id"], annotation["category_id"]) for annotation, image in test]
    answers = pd.DataFrame(rows, columns=["id", "predicted"])
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "kaggle_sample_submission.csv", answers.assign(predicted=SAMPLE))
    if files.answers_only:
        return
    annotations, images = (list(part) for part in zip(*train, strict=True))
    told = {**metadata, "annotations": annotations, "images": images}
    write_json(files.public / "train2019.json", told, **STYLE)
    shown = [{**image, "file_name": f"test2019/{_last(image)}"} for _, image in test]
    hidden = ("annotations", "categories")
    told = {key: value for key, value in metadata.items() if key not in hidden}
    write_json(files.public / "test2019.json", {**told, "images": shown}, **STYLE)
    files.copy("val2019.json")
    kept = [_below(image) for image in images]
    files.write_tar("train_val2019.tar.gz", "train_val2019", kept)
    taken = {_below(image): _last(image) for _, image in test}
    files.write_tar("test2019.tar.gz", "train_val2019", taken)


def _below(image: dict[str, Any]) -> str:
    return str(image["file_name"]).removeprefix("train_val2019/")


def _last(image: dict[str, Any]) -> str:
    return str(image["file_name"]).rpartition("/")[2]
