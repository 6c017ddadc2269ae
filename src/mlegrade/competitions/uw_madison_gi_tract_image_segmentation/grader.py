"""UW-Madison GI Tract: stomach and bowels on the slices of abdominal scans."""

import numpy as np

from mlegrade.metrics import dice_hausdorff
from mlegrade.schema import Grading, Key, RunLengths, Table, Text, Values, WholeNumber

HEIGHT, WIDTH = "image_height", "image_width"
ROWS = Key("id", "class", text=True)
MASKS = RunLengths("predicted", HEIGHT, WIDTH)


def arguments(answers: Values, submission: Values) -> tuple[object, ...]:
    """Return the masks, the slice of each, the scan and the shape of each slice.

    Slices stand in the order of their ids as text, which puts those of a scan together.
    """
    ids = answers["id"].tolist()
    names = sorted(dict.fromkeys(ids))
    number = dict(zip(names, range(len(names)), strict=True))
    slices = np.fromiter(map(number.__getitem__, ids), np.int64, len(ids))
    scans = [name.split("_slice_")[0] for name in names]
    shapes = np.empty((len(names), 2), np.int64)
    shapes[slices] = np.column_stack([answers[HEIGHT], answers[WIDTH]])
    return answers["predicted"], submission["predicted"], slices, scans, shapes


GRADING = Grading(
    submission=Table(ROWS, MASKS),
    answers=Table(ROWS, MASKS, Text("id"), WholeNumber(HEIGHT), WholeNumber(WIDTH)),
    metric=dice_hausdorff,
    arguments=arguments,
    reference_pairs_by_position=True,
)
