"""Denoising Dirty Documents: a fifth of the pages becomes the test set, pixel by pixel."""

import numpy as np
import pandas as pd

from mlegrade.prepare import Workspace, append_csv, split


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    from PIL import Image  # noqa: PLC0415 of the extra `prepare`

    pages = [name for name in files.folder("train").names() if name.endswith(".png")]
    train, test = split(pages, 0.2)
    cleaned = files.folder("train_cleaned")
    for page in files.track(sorted(test), "clean pages"):
        with cleaned.open(page) as content, Image.open(content) as image:
            grey = np.asarray(image.convert("L"))
        number = page.removesuffix(".png")
        rows, columns = (np.indices(grey.shape) + 1).reshape(2, -1)
        ids = [f"{number}_{row}_{column}" for row, column in zip(rows, columns, strict=True)]
        answers = pd.DataFrame({"id": ids, "value": grey.ravel() / 255.0})
        append_csv(files.private / "answers.csv", answers)
        append_csv(files.public / "sampleSubmission.csv", answers.assign(value=1))
    files.copy_files("train", train, to="train")
    files.copy_files("train", test, to="test")
    files.copy_files(cleaned, train, to="train_cleaned")
