"""iWildCam 2020: the photographs of some places become the test set, a fifth of all or so."""

import json
import math
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv, write_json

Records = list[dict[str, Any]]

SHARE = 0.22
TRAIN_JSON = "iwildcam2020_train_annotations.json"
TEST_JSON = "iwildcam2020_test_information.json"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    raw, raw_test = (json.loads(files.raw(name).read_bytes()) for name in (TRAIN_JSON, TEST_JSON))
    images, annotations = _even(raw["images"]), _even(raw["annotations"])
    places = _test_places(images)
    test_images = [image for image in images if image["location"] in places]
    test_ids = {image["id"] for image in test_images}
    rows = [(a["image_id"], a["category_id"]) for a in annotations if a["image_id"] in test_ids]
    answers = pd.DataFrame(rows, columns=["Id", "Category"])
    guesses = np.random.RandomState(0).randint(0, 676, size=len(answers))
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "sample_submission.csv", answers.assign(Category=guesses))
    train_images = [image for image in images if image["location"] not in places]
    train_content = {
        "annotations": [a for a in annotations if a["image_id"] not in test_ids],
        "images": train_images,
        "categories": _even(raw["categories"]),
        "info": raw["info"],
    }
    test_content = {
        "images": test_images,
        "categories": _even(raw_test["categories"]),
        "info": raw_test["info"],
    }
    write_json(files.public / TRAIN_JSON, train_content)
    write_json(files.public / TEST_JSON, test_content)
    files.copy("iwildcam2020_megadetector_results.json")
    for part, chosen in (("train", train_images), ("test", test_images)):
        names = dict.fromkeys(f"{image['id']}.jpg" for image in chosen)
        files.copy_files("train", list(names), to=part)


def _even(records: Records) -> Records:
    """Give all records the same fields, as MLE-bench's way through pandas 2 does.

    Absent fields become NaN; numbers with gaps between them become floats.
    """
    columns = {}
    for name in dict.fromkeys(name for record in records for name in record):
        values = [record.get(name, math.nan) for record in records]
        numbers = [value for value in values if value is not None]
        kinds = {type(value) for value in numbers}
        if kinds and kinds <= {int, float} and (float in kinds or len(numbers) < len(values)):
            values = [math.nan if value is None else float(value) for value in values]
        columns[name] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _test_places(images: Records) -> set[Any]:
    """Return the places whose photographs are just below the share, as MLE-bench counts it."""
    counts = Counter(image["location"] for image in images)
    train, test = split(list(counts), SHARE)

    def share() -> float:
        taken = sum(counts[place] for place in test)
        return taken / (len(images) + taken)

    while share() < SHARE:
        test.append(train.pop())
    while share() > SHARE:
        train.append(test.pop())
    return set(test)
