"""Contrails: as many training records as Kaggle has for validation become the test set."""

import io
import json
import random

import numpy as np
import pandas as pd

from mlegrade.formats import encode_run_lengths
from mlegrade.metrics.masks import Runs
from mlegrade.prepare import Workspace, split, write_csv, write_json

BANDS = [f"band_{number:02d}.npy" for number in range(8, 17)]
MASKS = ["human_individual_masks.npy", "human_pixel_masks.npy"]
SAMPLES = ["1 3 10 5", "-"]


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    records, validation = (
        json.loads(files.raw(f"{part}_metadata.json").read_bytes())
        for part in ("train", "validation")
    )
    train, test = split(records, len(validation))
    folder = files.folder("train")
    rows = []
    for record in files.track(test, "masks"):
        name = record["record_id"]
        with folder.open(f"{name}/human_pixel_masks.npy") as content:
            mask = np.load(io.BytesIO(content.read()), allow_pickle=False)[..., 0]
        (runs,) = encode_run_lengths(Runs.from_masks([mask]))
        rows.append((name, runs or "-", *mask.shape))
    answers = pd.DataFrame(rows, columns=["record_id", "encoded_pixels", "height", "width"])
    draw = random.Random(0)
    sample = answers.assign(encoded_pixels=[draw.choice(SAMPLES) for _ in rows])
    write_csv(files.private / "answers.csv", answers)
    write_csv(files.public / "sample_submission.csv", sample)
    write_json(files.public / "train_metadata.json", train)
    files.copy("validation_metadata.json")
    files.copy_folder("validation")
    for part, kinds, chosen in (("train", [*BANDS, *MASKS], train), ("test", BANDS, test)):
        names = [f"{record['record_id']}/{kind}" for record in chosen for kind in kinds]
        files.copy_files(folder, names, to=part)
