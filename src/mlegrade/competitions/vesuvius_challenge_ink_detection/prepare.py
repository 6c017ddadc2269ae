"""Vesuvius Challenge: the third of three fragments becomes the test set."""

from mlegrade.prepare import Workspace, png_size, write_csv

TRAIN = ("1", "2")
TEST = "3"
NAME = "a"
SLICES = 65  # of each fragment
HIDDEN = ("inklabels.png", "inklabels_rle.csv", "ir.png")


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    raw = files.folder("train")
    ink = files.read_csv(f"train/{TEST}/inklabels_rle.csv")
    files.require(len(ink) == 1, "one row of ink in the third fragment")
    with raw.open(f"{TEST}/ir.png") as image:
        width, height = png_size(image)
    gold = ink.assign(Id=NAME)[["Id", "Predicted"]]
    write_csv(files.public / "sample_submission.csv", gold.assign(Predicted="1 1 5 1"))
    write_csv(files.private / "inklabels_rle.csv", gold.assign(width=width, height=height))
    write_csv(files.private / "gold_submission.csv", gold)
    if files.answers_only:
        return
    names = raw.names()
    of_each = ["mask.png", *HIDDEN, *(f"surface_volume/{at:02d}.tif" for at in range(SLICES))]
    expected = {f"{fragment}/{name}" for fragment in (*TRAIN, TEST) for name in of_each}
    files.require(expected <= set(names), f"a mask, {SLICES} slices and the ink of each fragment")
    files.copy_files(raw, [name for name in names if name.split("/")[0] in TRAIN], to="train")
    shown = [name.removeprefix(f"{TEST}/") for name in names if name.startswith(f"{TEST}/")]
    shown = [name for name in shown if name not in HIDDEN]
    known = all(name == "mask.png" or name.endswith(".tif") for name in shown)
    files.require(known, "nothing but slices and a mask beside the ink of the third fragment")
    files.copy_files(raw, {f"{TEST}/{name}": name for name in shown}, to=f"test/{NAME}")
