"""VinBigData Chest X-ray: one tenth of the radiographs becomes the test set."""

import pandas as pd

from mlegrade.competitions.vinbigdata_chest_xray_abnormalities_detection.grader import CORNERS
from mlegrade.prepare import Workspace, split, write_csv

KEY = ["image_id", "class_id"]
NO_FINDING = 14
GUESS = "14 1 0 0 1 1"


def prepare(files: Workspace) -> None:
    """Make public and private data; of the boxes of a class on a radiograph the first counts."""
    table = files.read_csv("train.csv")
    train, test = split(list(table["image_id"].unique()), 0.1)
    rows = table[table["image_id"].isin(test)]
    answers = _first_reader(rows) if files.fixes else rows.groupby(KEY).first().reset_index()
    corners = list(CORNERS)
    answers[corners] = answers[corners].fillna(0)
    answers.loc[answers["class_id"] == NO_FINDING, ["x_max", "y_max"]] = 1.0
    columns = (answers[name].tolist() for name in ("class_id", *corners))
    boxes = [f"{label} 1.0 {x} {y} {r} {b}" for label, x, y, r, b in zip(*columns, strict=True)]
    gold = answers[["image_id"]].assign(PredictionString=boxes)
    gold = gold.groupby("image_id")["PredictionString"].agg(" ".join).reset_index()
    sample = pd.DataFrame({"image_id": test, "PredictionString": GUESS})
    write_csv(files.public / "train.csv", table[table["image_id"].isin(train)])
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.private / "gold_submission.csv", gold)
    files.copy_files("train", [f"{name}.dicom" for name in train], to="train")
    files.copy_files("train", [f"{name}.dicom" for name in test], to="test")


def _first_reader(rows: pd.DataFrame) -> pd.DataFrame:
    """Return all boxes of a class on a radiograph that its first reader drew."""
    first = rows["rad_id"] == rows.groupby(KEY)["rad_id"].transform("first")
    others = [name for name in rows if name not in KEY]
    return rows[first].sort_values(KEY, kind="stable")[[*KEY, *others]].reset_index(drop=True)
