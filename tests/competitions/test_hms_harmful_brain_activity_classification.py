"""Several windows a recording, and further columns that count in the sum of a row."""

from __future__ import annotations

import math

import pytest

from mlegrade.errors import InvalidSubmissionError
from mlegrade.grading import Grader

VOTES = "seizure_vote,lpd_vote,gpd_vote,lrda_vote,grda_vote,other_vote"
ANSWERS = f"eeg_id,{VOTES}\n7,1,0,0,0,0,0\n7,0,2,0,0,0,0\n9,0,0,0,0,0,3\n"
HALF = ".5,.5,0,0,0,0"


@pytest.fixture(scope="module")
def hms() -> Grader:
    return Grader("hms", answers=ANSWERS.encode())


def submission(*further: str, header: str = "note", cells: str = HALF) -> bytes:
    keys, last = ("7", "9", "7"), "0,0,0,0,.5,.5"
    columns = (cells, last, HALF)
    extra = further or ("0",) * 3
    rows = [",".join(row) for row in zip(keys, columns, extra, strict=True)]
    return "\n".join([f"eeg_id,{VOTES},{header}", *rows]).encode()


@pytest.mark.parametrize(
    "further",
    [
        ("0", "0", "0"),
        ("", "", ""),
        ("", "0.0", "nan"),
        ("1e-6", "0", "9e-6"),
        ("False", "False", "False"),
    ],
)
def test_further_columns_without_weight_are_harmless(hms: Grader, further: tuple[str, ...]) -> None:
    assert math.isclose(hms.score(submission(*further)), math.log(2))


@pytest.mark.parametrize(
    "further",
    [
        ("0", "1", "2"),
        ("0", "2e-5", "0"),
        ("0", "-1e-9", "0"),
        ("inf", "0", "0"),
        ("a", "b", "c"),
        ("0", "LPD", "0"),
        ("True", "False", "False"),
    ],
)
@pytest.mark.parametrize("header", ["note", ""])
def test_further_columns_with_weight_are_refused(
    hms: Grader, further: tuple[str, ...], header: str
) -> None:
    with pytest.raises(InvalidSubmissionError):
        hms.score(submission(*further, header=header))


@pytest.mark.parametrize(
    ("cells", "valid"),
    [
        (".500004,.5,0,0,0,0", True),
        (".500006,.5,0,0,0,0", False),
        (".499996,.5,0,0,0,0", True),
        (".499994,.5,0,0,0,0", False),
    ],
)
def test_sum_is_rounded_to_five_decimals(hms: Grader, cells: str, *, valid: bool) -> None:
    broken = hms.validate(submission(cells=cells))
    assert broken.ok == valid


def test_windows_of_a_recording_keep_their_order(hms: Grader) -> None:
    first, second, third = "7,1,0,0,0,0,0", "7,0,1,0,0,0,0", "9,0,0,0,0,0,1"
    for rows in ([first, second, third], [third, first, second], [first, third, second]):
        assert hms.score("\n".join([f"eeg_id,{VOTES}", *rows]).encode()) < 1e-14
    swapped = "\n".join([f"eeg_id,{VOTES}", second, first, third]).encode()
    assert math.isclose(hms.score(swapped), 2 / 3 * 15 * math.log(10))


def test_recording_with_another_number_of_windows(hms: Grader) -> None:
    rows = f"eeg_id,{VOTES}\n7,{HALF}\n9,{HALF}\n9,{HALF}\n"
    with pytest.raises(InvalidSubmissionError) as caught:
        hms.score(rows.encode())
    assert caught.value.code == "missing_rows"


def test_description_says_that_further_columns_count() -> None:
    from mlegrade.competitions import get

    assert "Further columns count in the sum of a row" in get("hms").description()
