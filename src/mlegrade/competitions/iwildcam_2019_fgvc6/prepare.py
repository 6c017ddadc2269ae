"""iWildCam 2019: the photographs of one tenth of the places become the test set."""

from mlegrade.prepare import Workspace, split_by, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split_by(files.read_csv("train.csv"), "location", 0.1, random_state=8)
    answers = test[["id", "category_id"]].set_axis(["Id", "Category"], axis=1)
    # MLE-bench's sample submission has the rows' numbers in a column without a name.
    sample = answers.assign(Category=0).rename_axis("").reset_index()
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="category_id"))
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", test)
    write_csv(files.private / "answers.csv", answers)
    for part, rows in (("train", train), ("test", test)):
        names = rows["id"].drop_duplicates() + ".jpg"
        files.write_zip(f"{part}_images.zip", "train_images", names)
