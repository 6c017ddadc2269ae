"""RSNA Breast Cancer Detection: one tenth of the patients becomes the test set."""

from mlegrade.prepare import Workspace, split_by, write_csv

SHOWN = [
    "site_id",
    "patient_id",
    "image_id",
    "laterality",
    "view",
    "age",
    "implant",
    "machine_id",
    "prediction_id",
]


def prepare(files: Workspace) -> None:
    """Make public and private data; the answers have a row for each breast."""
    train, test = split_by(files.read_csv("train.csv"), "patient_id", 0.1, random_state=42)
    breasts = test["patient_id"].astype(str) + "_" + test["laterality"]
    test = test.assign(prediction_id=breasts)
    answers = test.groupby("prediction_id")["cancer"].first().reset_index()
    sample = answers.assign(cancer=train["cancer"].mean())
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test[SHOWN])
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "answers.csv", answers)
    for part, rows in (("train", train), ("test", test)):
        images = rows["patient_id"].astype(str) + "/" + rows["image_id"].astype(str) + ".dcm"
        files.copy_files("train_images", images, to=f"{part}_images")
