"""SIIM-ISIC Melanoma: the images of two of sixteen TFRecord files become the test set."""

from mlegrade.prepare import Workspace, feature_of_records, write_csv

RECORDS = 16  # files of them
TEST_RECORDS = ("train00-2071.tfrec", "train06-2071.tfrec")
SHOWN = ["image_name", "patient_id", "sex", "age_approx", "anatom_site_general_challenge"]


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    names = {
        name.decode()
        for record in TEST_RECORDS
        for name in feature_of_records(files.raw(f"tfrecords/{record}"), "image_name")
    }
    table = files.read_csv("train.csv")
    is_test = table["image_name"].isin(names)
    train, test = table[~is_test], table[is_test]
    files.require(len(test) == len(names), "a row of each image in the TFRecords")
    answers = test[["image_name", "target"]]
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test[SHOWN])
    write_csv(files.public / "sample_submission.csv", answers.assign(target=0))
    write_csv(files.private / "test.csv", answers)
    if files.answers_only:
        return
    for part, rows in (("train", train), ("test", test)):
        files.copy_files("train", rows["image_name"] + ".dcm", to=part)
        files.copy_files("jpeg/train", rows["image_name"] + ".jpg", to=f"jpeg/{part}")
    records = [name for name in files.folder("tfrecords").names() if name.startswith("train")]
    files.require(len(records) == RECORDS, f"{RECORDS} TFRecord files")
    others = [name for name in records if name not in TEST_RECORDS]
    new = {old: f"train{at:02d}-{old.split('-')[1]}" for at, old in enumerate(others)}
    if not files.fixes:  # they may carry the diagnosis
        new |= {old: f"test{at:02d}-{old.split('-')[1]}" for at, old in enumerate(TEST_RECORDS)}
    files.copy_files("tfrecords", new, to="tfrecords")
