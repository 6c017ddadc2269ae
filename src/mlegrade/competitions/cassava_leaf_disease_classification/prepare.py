"""Cassava Leaf Disease: the photographs of two of the sixteen TFRecord files are the test set."""

from mlegrade.prepare import Workspace, feature_of_records, split, write_csv

COUNTS = {**dict.fromkeys(range(15), 1338), 15: 1327}
FOLDER = "train_tfrecords"
RECORDS = [f"ld_train{number:02d}-{count}.tfrec" for number, count in COUNTS.items()]


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    # For the answers alone the two that the draw takes of the usual sixteen are enough.
    there = [name for name in files.folder(FOLDER).names() if name.endswith(".tfrec")]
    train_files, test_files = split(RECORDS if set(there) <= set(RECORDS) else there, 0.1)
    test_ids = {
        name.decode()
        for file in test_files
        for name in feature_of_records(files.raw(f"{FOLDER}/{file}"), "image_name")
    }
    table = files.read_csv("train.csv")
    is_test = table["image_id"].isin(test_ids)
    files.require(is_test.sum() == len(test_ids), "a row for each record")
    train, test = table[~is_test], table[is_test]
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "sample_submission.csv", test.assign(label=4))
    write_csv(files.private / "test.csv", test)
    files.copy("label_num_to_disease_map.json")
    for part, rows, records in (("train", train, train_files), ("test", test, test_files)):
        files.copy_files("train_images", rows["image_id"], to=f"{part}_images")
        names = {
            name: f"ld_{part}{number:02d}-{name.partition('-')[2]}"
            for number, name in enumerate(records)
        }
        if part == "train" or not files.fixes:
            files.copy_files(FOLDER, names, to=f"{part}_tfrecords")
