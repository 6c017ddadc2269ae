"""RSNA 2022 Cervical Spine Fracture Detection: one tenth of the studies stays for training."""

import random
from pathlib import PurePosixPath

from mlegrade.prepare import Workspace, write_csv

TRAIN_SHARE = 0.1
ID = "StudyInstanceUID"


def prepare(files: Workspace) -> None:
    """Make public and private data; boxes and segmentations are thinned out like the studies."""
    table, boxes = files.read_csv("train.csv"), files.read_csv("train_bounding_boxes.csv")
    names = files.folder("segmentations").names()
    segmented = sorted(PurePosixPath(name).stem for name in names if name.endswith(".nii"))
    kept_segmented, kept_boxed, train_ids = _draw(
        [str(study) for study in table[ID]], sorted(boxes[ID].unique()), segmented
    )
    is_train = table[ID].isin(train_ids)
    train, test = table[is_train], table[~is_train]
    answers = test.melt(id_vars=ID, var_name="prediction_type", value_name="fractured")
    answers["row_id"] = answers[ID] + "_" + answers["prediction_type"]
    sample = answers[["row_id"]].assign(fractured=0.5)
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "train_bounding_boxes.csv", boxes[boxes[ID].isin(kept_boxed)])
    write_csv(files.public / "test.csv", answers.drop(columns="fractured"))
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "answers.csv", answers)
    files.copy_files("segmentations", [f"{name}.nii" for name in kept_segmented], "segmentations")
    files.copy_folders("train_images", train[ID], to="train_images")
    files.copy_folders("train_images", test[ID], to="test_images")


def _draw(
    studies: list[str], boxed: list[str], segmented: list[str]
) -> tuple[list[str], list[str], set[str]]:
    """Return which segmentations and boxes are kept, and all training studies."""
    rng = random.Random(0)
    n_train, n_boxed, n_segmented = (
        round(TRAIN_SHARE * len(ids)) for ids in (studies, boxed, segmented)
    )
    both = [study for study in boxed if study in set(segmented)]
    kept = rng.sample(both, round(TRAIN_SHARE * len(both)))
    rest = [study for study in segmented if study not in set(both)]
    kept_segmented = kept + rng.sample(rest, n_segmented - len(kept))
    rest = [study for study in boxed if study not in set(both)]
    kept_boxed = kept + rng.sample(rest, n_boxed - len(kept))
    train = {*kept_segmented, *kept_boxed}
    rest = [study for study in studies if study not in train]
    train.update(rng.sample(rest, n_train - len(train)))
    return kept_segmented, kept_boxed, train
