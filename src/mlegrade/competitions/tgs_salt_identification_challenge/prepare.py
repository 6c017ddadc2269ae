"""TGS Salt Identification: a quarter of the labelled images becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = (
        part.sort_values("id") for part in split(files.read_csv("competition_data/train.csv"), 0.25)
    )
    depths = files.read_csv("depths.csv").sort_values("id")
    write_csv(files.public / "train.csv", train)
    shown = depths["id"].isin(train["id"])
    if files.fixes:
        shown |= depths["id"].isin(test["id"])
    write_csv(files.public / "depths.csv", depths[shown])
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(rle_mask="1 1"))
    write_csv(files.private / "test.csv", test)
    for part, kind, ids in (
        ("train", "images", train["id"]),
        ("train", "masks", train["id"]),
        ("test", "images", test["id"]),
    ):
        images = {f"train/{kind}/{name}.png": f"{name}.png" for name in ids}
        files.copy_files("competition_data", images, to=f"{part}/{kind}")
