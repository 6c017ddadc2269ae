"""Denoising Dirty Documents: the clean page, pixel by pixel."""

from collections.abc import Iterator

from mlegrade.metrics import root_mean_squared_error
from mlegrade.schema import Grading, Key, Number, Values

WHITE, BYTE = 1.0, 255.0


def grey_levels(answers: Values, submission: Values) -> Iterator[str]:
    """Warn of grey levels from 0 to 255."""
    del answers
    if submission.only.min() >= 0 and WHITE < submission.only.max() <= BYTE:
        yield "values go beyond 1; the answers have grey levels from 0 (black) to 1 (white)."


GRADING = Grading.alike(
    Key("id", text=True),
    Number("value", says="the grey level, from 0 (black) to 1 (white)"),
    metric=root_mean_squared_error,
    remarks=grey_levels,
)
