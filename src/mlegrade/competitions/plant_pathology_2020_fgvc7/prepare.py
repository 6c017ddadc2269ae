"""Plant Pathology 2020: one tenth of the labelled leaves becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv

LABELS = ["healthy", "multiple_diseases", "rust", "scab"]


def prepare(files: Workspace) -> None:
    """Make public and private data; leaves are numbered anew in the order of the split."""
    train, test = split(files.read_csv("train.csv"), 0.1)
    images: dict[str, str] = {}
    for part, rows in (("Train", train), ("Test", test)):
        new = [f"{part}_{at}" for at in range(len(rows))]
        images |= {f"{a}.jpg": f"{b}.jpg" for a, b in zip(rows["image_id"], new, strict=True)}
    train = train.assign(image_id=[f"Train_{at}" for at in range(len(train))])
    test = test.assign(image_id=[f"Test_{at}" for at in range(len(test))])
    sample = test.assign(**dict.fromkeys(LABELS, 0.25))
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test[["image_id"]])
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", test)
    files.copy_files("images", images, to="images")
