"""Coordinates are plain numbers, whatever Python forgives."""

from __future__ import annotations

import pytest

from mlegrade.grading import Grader

ANSWERS = b"image_id,labels\na,U+306F 10 10 5 5\n"


@pytest.fixture(scope="module")
def pages() -> Grader:
    return Grader("kuzushiji", answers=ANSWERS)


@pytest.mark.parametrize("coordinate", ["12", "+12.0", "1.2e1", "012"])
def test_plain_numbers_are_coordinates(pages: Grader, coordinate: str) -> None:
    assert pages(f"image_id,labels\na,U+306F {coordinate} 12\n".encode()).score == 1.0


@pytest.mark.parametrize("coordinate", ["1_2", "１２", "0xC", "12\t", "1,2", "12\u00a0"])
def test_other_numbers_are_none(pages: Grader, coordinate: str) -> None:
    report = pages(f'image_id,labels\na,"U+306F {coordinate} 12"\n'.encode())
    assert report.error is not None
    assert report.error["code"] == "not_a_number"
