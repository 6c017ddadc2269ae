"""Plant Seedlings Classification: 14 per cent of the photographs; their folders are the labels."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    photographs = sorted(name.split("/") for name in files.folder("train").names())
    table = pd.DataFrame(
        [(file, species) for species, file in photographs if file.endswith(".png")],
        columns=["file", "species"],
    )
    train, test = split(table, 0.14)
    write_csv(files.public / "sample_submission.csv", test.assign(species="Sugar beet"))
    write_csv(files.private / "answers.csv", test)
    files.copy_files("train", train["species"] + "/" + train["file"], to="train")
    old = test["species"] + "/" + test["file"]
    files.copy_files("train", dict(zip(old, test["file"], strict=True)), to="test")
