"""HuBMAP: three of the fifteen annotated slides become the test set."""

from mlegrade.prepare import Workspace, split, write_csv

INFORMATION = "HuBMAP-20-dataset_information.csv"
TRAIN, TEST = 12, 3


def prepare(files: Workspace) -> None:
    """Make public and private data; the test slides come with their outlines, as in MLE-bench."""
    raw = files.read_csv("train.csv")
    train, test = split(raw, TEST, train_size=TRAIN)
    files.require(len(train) + len(test) == len(raw), f"{TRAIN + TEST} annotated slides")
    information = files.read_csv(INFORMATION)
    slides = information["image_file"].str.replace(".tiff", "", regex=False)
    information = information[slides.isin(raw["id"])]
    sizes = information[["width_pixels", "height_pixels"]].assign(id=slides)
    sample = test[["id"]].assign(predicted="")
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / INFORMATION, information)
    write_csv(files.public / "sample_submission.csv", sample)
    write_csv(files.private / "test.csv", test.merge(sizes, on="id"))
    gold = test[["id"]].assign(predicted=test["encoding"])
    write_csv(files.private / "gold_submission.csv", gold)
    if files.answers_only:
        return
    outlines = [".json"]
    for part, rows in (("train", train), ("test", test)):
        kinds = [".tiff", "-anatomical-structure.json"]
        kinds += outlines if part == "train" or not files.fixes else []
        names = [f"{name}{kind}" for name in rows["id"] for kind in kinds]
        files.copy_files("train", names, to=part)
    write_csv(files.public / "test" / "sample_submission.csv", sample)
