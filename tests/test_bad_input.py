"""Hostile files: each gives one clear error, in bounded time and memory, and never a crash."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pandas as pd
import pytest

from mlegrade.grading import Grader

ANSWERS = b"id,EAP,HPL,MWS\n" + b"".join(b"id%05d,1,0,0\n" % row for row in range(20))
GOOD = b"id,EAP,HPL,MWS\n" + b"".join(b"id%05d,0.5,0.3,0.2\n" % row for row in range(20))


@pytest.fixture(scope="module")
def spooky() -> Grader:
    return Grader("spooky-author", answers=ANSWERS)


def replaced(old: bytes, new: bytes) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


ROW = b"id00003,0.5,0.3,0.2"

REFUSED = {
    "empty": (b"", "empty_file"),
    "blank": (b"\n \n", "empty_file"),
    "header_only": (b"id,EAP,HPL,MWS\n", "no_rows"),
    "binary": (bytes(range(1, 256)) * 4, "not_utf8"),
    "image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "nul_byte"),
    "json": (b'{"id": ["id00000"], "EAP": [0.5]}', "missing_column"),
    "utf16": (GOOD.decode().encode("utf-16"), "nul_byte"),
    "latin1": (replaced(b"id00003", "id0000é".encode("latin-1")), "not_utf8"),
    "nul": (replaced(b"0.5", b"0.\x005"), "nul_byte"),
    "tabs": (GOOD.replace(b",", b"\t"), "missing_column"),
    "semicolons": (GOOD.replace(b",", b";"), "missing_column"),
    "surplus_cell": (replaced(ROW, ROW + b",7"), "malformed"),
    "surplus_empty_cell": (replaced(ROW, ROW + b","), "malformed"),
    "short_row": (replaced(ROW, b"id00003,0.5,0.5"), "missing_value"),
    "repeated_header": (GOOD.replace(b"id,EAP,HPL,MWS", b"id,EAP,HPL,EAP"), "repeated_column"),
    "header_in_the_middle": (replaced(ROW, b"id,EAP,HPL,MWS"), "missing_rows"),
    "unclosed_quote": (replaced(b"id00003", b'"id00003'), "malformed"),
    "ten_thousand_columns": (
        GOOD.replace(b"MWS\n", b"MWS" + b"".join(b",c%d" % i for i in range(10_000)) + b"\n"),
        "unexpected_column",
    ),
    "million_columns": (b"," * 1_000_000 + b"\n1\n", "too_many_columns"),
    "long_cell": (replaced(b"0.5", b"5" * 50_000_000), "not_finite"),
    "long_text_cell": (replaced(b"0.5", b"x" * 50_000_000), "not_a_number"),
    "long_quoted_cell": (replaced(b"0.5", b'"' + b"a,\n" * 5_000_000 + b'"'), "not_a_number"),
    "many_quotes": (replaced(b"0.5", b'"' * 2_000_001), "malformed"),
    "digits": (replaced(b"0.5", b"12345678901234567890"), "out_of_range"),
    "digit_id": (replaced(b"id00003", b"12345678901234567890"), "missing_rows"),
    "nan": (replaced(b"0.5", b"nan"), "missing_value"),
    "empty_cell": (replaced(b"0.5", b""), "missing_value"),
    "inf": (replaced(b"0.5", b"inf"), "not_finite"),
    "minus_inf": (replaced(b"0.5", b"-Infinity"), "not_finite"),
    "overflow": (replaced(b"0.5", b"1e999"), "not_finite"),
    "hex": (replaced(b"0.5", b"0x1p-1"), "not_a_number"),
    "comma_decimal": (replaced(b"0.5", b'"0,5"'), "not_a_number"),
    "percent": (replaced(b"0.5", b"50%"), "not_a_number"),
    "formula": (replaced(b"0.5", b"=1/2"), "not_a_number"),
    "true_among_numbers": (replaced(b"0.5", b"True"), "not_a_number"),
    "complex": (replaced(b"0.5", b"(0.5+0j)"), "not_a_number"),
    "underscore": (replaced(b"0.5", b"0_1"), "not_a_number"),
    "arabic_digits": (replaced(b"0.5", "٠.٥".encode()), "not_a_number"),
    "blank_id": (replaced(b"id00003", b""), "missing_rows"),
    "padded_id": (replaced(b"id00003", b" id00003"), "missing_rows"),
    "padded_header": (GOOD.replace(b",EAP", b", EAP"), "missing_column"),
    "case_of_header": (GOOD.replace(b"id,", b"ID,"), "missing_column"),
    "latin1_header": (GOOD.replace(b"EAP", b"E").replace(b"id00003", b"id\xe9"), "not_utf8"),
    "index": (GOOD.replace(b"id,EAP", b",id,EAP").replace(b"id0", b"0,id0"), "unexpected_column"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_is_refused_with_a_reason(name: str, spooky: Grader) -> None:
    data, code = REFUSED[name]
    report = spooky(data)
    assert not report.valid_submission
    assert report.score is None
    assert report.submission_exists
    assert report.error is not None
    assert report.error["code"] == code
    assert len(report.error["message"]) < 1200  # however long the cell
    assert not spooky.validate(data).ok


ACCEPTED = {
    "bom": b"\xef\xbb\xbf" + GOOD,
    "crlf": GOOD.replace(b"\n", b"\r\n"),
    "cr": GOOD.replace(b"\n", b"\r"),
    "quoted": b"\n".join(
        b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in GOOD.splitlines()
    ),
    "no_last_newline": GOOD.rstrip(),
    "blank_lines": GOOD.replace(b"\n", b"\n\n"),
    "padded_numbers": GOOD.replace(b",0.3", b", 0.3 "),
    "exponents": GOOD.replace(b"0.3", b"3e-1"),
    "many_digits": GOOD.replace(b"0.3", b"0.3" + b"0" * 400),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_harmless_dialect_scores_alike(name: str, spooky: Grader) -> None:
    assert spooky(ACCEPTED[name]).raw_score == spooky(GOOD).raw_score


def test_kinds_of_sources_score_alike(spooky: Grader, tmp_path: Path) -> None:
    path = tmp_path / "submission.csv"
    path.write_bytes(GOOD)
    frame = pd.read_csv(io.BytesIO(GOOD))
    with path.open("rb") as binary, path.open(encoding="utf-8") as text:
        sources = [path, str(path), GOOD, bytearray(GOOD), io.BytesIO(GOOD), frame, binary, text]
        assert len({spooky(source).raw_score for source in sources}) == 1


def test_what_is_no_source_is_the_callers_mistake(spooky: Grader) -> None:
    with pytest.raises(TypeError, match="give a path"):
        spooky(42)  # type: ignore[arg-type]


def test_missing_file(spooky: Grader, tmp_path: Path) -> None:
    report = spooky(tmp_path / "absent.csv")
    assert report.error is not None
    assert report.error["code"] == "not_found"
    assert not report.submission_exists
    assert not report.valid_submission


def test_paths_that_are_no_files(spooky: Grader, tmp_path: Path) -> None:
    target = tmp_path / "target.csv"
    target.write_bytes(GOOD)
    link, fifo, below = tmp_path / "link.csv", tmp_path / "fifo.csv", target / "below.csv"
    link.symlink_to(target)
    os.mkfifo(fifo)
    found = {}
    for path in (tmp_path, link, fifo, below, Path("/dev/zero"), Path("a\0b")):
        report = spooky(path)
        assert report.error is not None
        found[path.name] = report.error["code"]
    assert found == {
        tmp_path.name: "not_a_file",
        "link.csv": "symlink",
        "fifo.csv": "not_a_file",
        "below.csv": "not_found",
        "zero": "not_a_file",
        "a\0b": "not_a_file",
    }


def test_file_larger_than_the_answers_allow(spooky: Grader, tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(1 << 36)  # takes no space on the disk
    report = spooky(path)
    assert report.error is not None
    assert report.error["code"] == "too_large"


def test_run_length_that_claims_a_trillion_pixels() -> None:
    answers = b"id,encoding,width_pixels,height_pixels\na,1 5,100000,100000\n"
    hubmap = Grader("hubmap", answers=answers)
    huge = hubmap(b"id,predicted\na,1 1000000000000\n")
    assert huge.error is not None
    assert huge.error["code"] == "run_outside_image"
    assert hubmap(b"id,predicted\na,1 10000000000\n").valid_submission


def test_messages_show_no_answers() -> None:
    secret = "c0ffee"
    notebooks = Grader("AI4Code", answers=f"id,cell_order\nn1,aa {secret} bb\n".encode())
    report = notebooks(b"id,cell_order\nn1,aa bb xx\n")
    assert report.error is not None
    assert secret not in report.to_json()
