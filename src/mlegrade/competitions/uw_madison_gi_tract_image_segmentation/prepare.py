"""UW-Madison GI Tract: a tenth of the patients, and the later days of the others, are for test."""

from mlegrade.prepare import Workspace, split, write_csv

DAYS = 4  # of a training patient that stay in the training set


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    table = files.read_csv("train.csv")
    parts = table["id"].str.split("_", expand=True)
    cases, scans = parts[0], parts[0] + "_" + parts[1]
    train_cases, test_cases = split(list(cases.unique()), 0.1, 42)
    test_scans = set(scans[cases.isin(test_cases)])
    for case in train_cases:
        days = sorted(scans[cases == case].unique(), key=lambda scan: int(scan.split("_day")[1]))
        test_scans.update(days[DAYS:])
    train, test = table[~scans.isin(test_scans)], table[scans.isin(test_scans)]
    images: tuple[list[str], list[str]] = ([], [])
    for name in files.folder("train").names():
        images[name.split("/")[1] in test_scans].append(name)
    sizes = dict(_size(name) for part in images for name in part)
    files.require(table["id"].isin(sizes).all(), "an image of each slice")
    answers = test.rename(columns={"segmentation": "predicted"}).assign(
        image_width=[sizes[name][0] for name in test["id"]],
        image_height=[sizes[name][1] for name in test["id"]],
    )
    shown = test[["id", "class"]]
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", shown)
    write_csv(files.public / "sample_submission.csv", shown.assign(predicted="1 1 5 2"))
    write_csv(files.private / "test.csv", answers)
    files.copy_files("train", images[False], to="train")
    files.copy_files("train", images[True], to="test")


def _size(name: str) -> tuple[str, tuple[float, float]]:
    """Return a slice's id, its width and its height, as its image's path tells them."""
    _, scan, *_, file = name.split("/")
    _, number, width, height, *_ = file.split("_")
    return f"{scan}_slice_{number}", (float(width), float(height))
