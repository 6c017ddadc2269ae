"""What `--fixes` promises, fix by fix; the other preparers' are looked at in `test_special`."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from mlegrade.competitions import get, ids
from preparing import contents, made, prepared
from raw import RAWS

if TYPE_CHECKING:
    from pathlib import Path

FIXED = [name for name in ids("all") + ids("dev") if get(name).fixes]


def sides(name: str) -> tuple[Path, Path]:
    """Return data as MLE-bench has it, and with fixes."""
    return prepared(name), prepared(name, fixes=True)


@pytest.mark.parametrize("name", FIXED)
def test_data_with_fixes_stands_apart_and_says_so(name: str) -> None:
    plain, fixed = sides(name)
    assert fixed.parts[-3:] == ("fixes", name, "prepared")
    about = json.loads((fixed / "mlegrade.json").read_bytes())
    assert (about["variant"], about["fixes"]) == ("fixes", list(get(name).fixes))
    about = json.loads((plain / "mlegrade.json").read_bytes())
    assert (about["variant"], about["fixes"]) == ("mle-bench", [])


def files(folder: Path, beginning: str = "") -> set[str]:
    return {name for name in contents(folder / "public") if name.startswith(beginning)}


@pytest.mark.parametrize(
    ("name", "leaking"),
    [
        ("cassava-leaf-disease-classification", r"test_tfrecords/"),
        ("hubmap-kidney-segmentation", r"test/\w+\.json"),
        ("seti-breakthrough-listen", r"old_leaky_data/"),
        ("siim-isic-melanoma-classification", r"tfrecords/test"),
        ("smartphone-decimeter-2022", r"test/.*\.nmea"),
    ],
)
def test_leaking_files_are_left_out(name: str, leaking: str) -> None:
    plain, fixed = sides(name)
    leaks = {file for file in files(plain) if re.match(leaking, file)}
    assert leaks
    assert files(fixed) == files(plain) - leaks


def text_lines(folder: Path) -> set[str]:
    content = zipfile.ZipFile(folder / "public" / "train_v2.txt.zip").read("train_v2.txt")
    return set(content.decode().splitlines())


def test_no_training_line_is_a_test_sentence() -> None:
    plain, fixed = sides("billion-word-imputation")
    hidden = set(pd.read_csv(plain / "private" / "test.csv")["sentence"])
    assert hidden == set(pd.read_csv(fixed / "private" / "test.csv")["sentence"])
    assert text_lines(plain) & hidden
    assert text_lines(fixed) == text_lines(plain) - hidden


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("facebook-recruiting-iii-keyword-extraction", ["Title", "Body"]),
        ("google-quest-challenge", ["question_title", "question_body"]),
    ],
)
def test_no_training_row_has_the_question_of_a_test_row(name: str, question: list[str]) -> None:
    rows = [
        [
            pd.read_csv(folder / "public" / f"{part}.csv")[
                ["qa_id" if "q" in question[0] else "Id", *question]
            ]
            for part in ("train", "test")
        ]
        for folder in sides(name)
    ]
    (plain, asked), (fixed, same) = rows
    pd.testing.assert_frame_equal(asked, same)
    known = pd.MultiIndex.from_frame(plain[question]).isin(
        pd.MultiIndex.from_frame(asked[question])
    )
    assert known.any()
    pd.testing.assert_frame_equal(fixed, plain[~known].reset_index(drop=True))


def phrases(folder: Path, part: str) -> pd.DataFrame:
    content = zipfile.ZipFile(folder / "public" / f"{part}.tsv.zip").read(f"{part}.tsv")
    return pd.read_csv(io.BytesIO(content), sep="\t", keep_default_na=False)


def test_phrases_of_a_sentence_are_on_one_side(tmp_path: Path) -> None:
    name = "movie-review-sentiment-analysis-kernels-only"
    tables = RAWS[name].make_tables()
    tables["train.tsv"]["Phrase"] = ["null", *tables["train.tsv"]["Phrase"][1:]]
    folder = made(name, tmp_path, tables, fixes=True)
    train, test = (phrases(folder, part) for part in ("train", "test"))
    assert not set(train["SentenceId"]) & set(test["SentenceId"])
    assert test["SentenceId"].nunique() == 3  # of nine
    assert len(train) + len(test) == len(tables["train.tsv"])
    assert "null" in {*train["Phrase"], *test["Phrase"]}
    assert "" not in {*train["Phrase"], *test["Phrase"]}


def test_photographs_of_species_have_numbers_that_tell_nothing() -> None:
    plain, fixed = sides("inaturalist-2019-fgvc6")
    before, after = (pd.read_csv(folder / "private" / "answers.csv") for folder in (plain, fixed))
    assert after["id"].tolist() == list(range(len(after)))
    assert after["predicted"].tolist() == before["predicted"].tolist()
    told = json.loads((fixed / "public" / "test2019.json").read_bytes())["images"]
    assert [image["id"] for image in told] == after["id"].tolist()
    names = [image["file_name"] for image in told]
    known = json.loads((plain / "public" / "test2019.json").read_bytes())["images"]
    assert names == [image["file_name"] for image in known]


def test_the_last_frames_are_for_test() -> None:
    plain, fixed = sides("ml2021spring-hw2")
    folder = fixed / "public" / "timit_11" / "timit_11"
    train, test = (np.load(folder / f"{part}_11.npy") for part in ("train", "test"))
    assert np.all(np.diff(np.concatenate([train, test])[:, 0]) == 3)  # as in the raw array
    sizes = [len(pd.read_csv(side / "private" / "answers.csv")) for side in (plain, fixed)]
    assert sizes == [len(test)] * 2


def test_structures_of_all_molecules_are_given_out() -> None:
    plain, fixed = sides("champs-scalar-coupling")
    raw = RAWS["champs-scalar-coupling"].make_tables()["structures.csv"]
    told = pd.read_csv(fixed / "public" / "structures.csv")
    assert told["molecule_name"].tolist() == raw["molecule_name"].tolist()
    assert len(files(fixed, "structures/")) == raw["molecule_name"].nunique()
    assert files(plain, "structures/") < files(fixed, "structures/")


def test_wrong_clips_are_left_out() -> None:
    plain, fixed = sides("freesound-audio-tagging-2019")
    before, after = (pd.read_csv(side / "public" / "train_curated.csv") for side in (plain, fixed))
    wrong = {"f76181c4.wav", "1d44b0bd.wav"}
    assert set(before["fname"]) - set(after["fname"]) == wrong
    there, left = ({file.rpartition("/")[2] for file in files(side)} for side in (plain, fixed))
    assert there - left == wrong


def test_a_window_is_told_by_its_offsets() -> None:
    plain, fixed = sides("hms-harmful-brain-activity-classification")
    before, after = (pd.read_csv(side / "public" / "test.csv") for side in (plain, fixed))
    offsets = ["eeg_label_offset_seconds", "spectrogram_label_offset_seconds"]
    pd.testing.assert_frame_equal(after.drop(columns=offsets), before)
    answers = pd.read_csv(fixed / "private" / "test.csv")
    pd.testing.assert_frame_equal(after[offsets], answers[offsets])


def test_supplemental_files_have_headers_of_their_own() -> None:
    plain, fixed = sides("mlsp-2013-birds")
    for name in ("histogram_of_segments", "segment_features", "segment_rectangles"):
        before, after = (
            (side / "public" / "supplemental_data" / f"{name}.txt").read_text().splitlines()
            for side in (plain, fixed)
        )
        assert before[0] == "rec_id,[histogram of segment features]"
        assert after == [f"rec_id,[{name}]", *before[1:]]


def test_recordings_have_labels_of_the_task() -> None:
    plain, fixed = sides("tensorflow-speech-recognition-challenge")
    before, after = (pd.read_csv(side / "private" / "test.csv") for side in (plain, fixed))
    folded = {"_background_noise_": "silence", "cat": "unknown"}
    assert before["label"].replace(folded).tolist() == after["label"].tolist()
    assert set(after["label"]) != set(before["label"])


@pytest.mark.parametrize("language", ["english", "russian"])
def test_tokens_like_missing_values_are_kept(language: str) -> None:
    plain, fixed = sides(f"text-normalization-challenge-{language}-language")
    before, after = (
        pd.read_csv(side / "private" / "answers.csv", keep_default_na=False)["after"]
        for side in (plain, fixed)
    )
    lost = before == ""
    assert lost.any()
    assert set(after[lost]) <= {"null", "NA", "nan", "None"}
    assert after[~lost].tolist() == before[~lost].tolist()


def test_depths_of_all_images_are_told() -> None:
    plain, fixed = sides("tgs-salt-identification-challenge")
    before, after = (pd.read_csv(side / "public" / "depths.csv")["id"] for side in (plain, fixed))
    hidden = pd.read_csv(plain / "private" / "test.csv")["id"]
    assert after.is_monotonic_increasing
    assert set(after) == {*before, *hidden}


def test_the_first_reader_keeps_all_boxes() -> None:
    name = "vinbigdata-chest-xray-abnormalities-detection"
    plain, fixed = sides(name)
    raw = RAWS[name].make_tables()["train.csv"]
    answers = pd.read_csv(fixed / "private" / "answers.csv")
    expected = 0
    for _, boxes in raw[raw["image_id"].isin(answers["image_id"])].groupby(
        ["image_id", "class_id"]
    ):
        expected += int((boxes["rad_id"] == boxes["rad_id"].iloc[0]).sum())
    assert len(answers) == expected > len(pd.read_csv(plain / "private" / "answers.csv"))
