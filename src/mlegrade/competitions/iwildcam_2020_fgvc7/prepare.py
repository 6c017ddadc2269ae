"""iWildCam 2020: the photographs of some places become the test set, a fifth of all or so."""

import json
from typing import Any

import numpy as np
import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv, write_json

SHARE = 0.22
TRAIN_JSON = "iwildcam2020_train_annotations.json"
TEST_JSON = "iwildcam2020_test_information.json"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    raw, raw_test = (json.loads(files.raw(name).read_bytes()) for name in (TRAIN_JSON, TEST_JSON))
    images, annotations = _table(raw["images"]), _table(raw["annotations"])
    in_test = images["location"].isin(_test_places(images))
    is_test = annotations["image_id"].isin(images["id"][in_test])
    answers = annotations[is_test][["image_id", "category_id"]].set_axis(["Id", "Category"], axis=1)
    guesses = np.random.RandomState(0).randint(0, 676, size=len(answers))
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "sample_submission.csv", answers.assign(Category=guesses))
    train_content = {
        "annotations": annotations[~is_test].to_dict("records"),
        "images": images[~in_test].to_dict("records"),
        "categories": _table(raw["categories"]).to_dict("records"),
        "info": raw["info"],
    }
    test_content = {
        "images": images[in_test].to_dict("records"),
        "categories": _table(raw_test["categories"]).to_dict("records"),
        "info": raw_test["info"],
    }
    write_json(files.public / TRAIN_JSON, train_content)
    write_json(files.public / TEST_JSON, test_content)
    files.copy("iwildcam2020_megadetector_results.json")
    for part, chosen in (("train", ~in_test), ("test", in_test)):
        files.copy_files("train", images["id"][chosen].drop_duplicates() + ".jpg", to=part)


def _table(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Return records as pandas 2 does: absent fields become NaN, and nothing else does."""
    with pd.option_context("future.infer_string", False):
        return pd.DataFrame(records)


def _test_places(images: pd.DataFrame) -> list[Any]:
    """Return the places whose photographs are just below the share, as MLE-bench counts it."""
    train, test = (list(part) for part in split(images["location"].unique(), SHARE))
    counts = images["location"].value_counts()

    def share() -> float:
        taken = int(counts[test].sum())
        return taken / (len(images) + taken)

    while share() < SHARE:
        test.append(train.pop())
    while share() > SHARE:
        train.append(test.pop())
    return test
