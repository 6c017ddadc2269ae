"""HuBMAP Hacking the Kidney: the glomeruli in a microscope slide."""

from mlegrade.metrics import dice
from mlegrade.schema import Grading, Key, RunLengths, Table

HEIGHT, WIDTH = "height_pixels", "width_pixels"

GRADING = Grading(
    submission=Table(Key("id", text=True), RunLengths("predicted", HEIGHT, WIDTH)),
    answers=Table(Key("id", text=True), RunLengths("encoding", HEIGHT, WIDTH)),
    metric=dice,
    options={"both_empty": 1.0},
)
