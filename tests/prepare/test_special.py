"""What only one preparer does: compared with the slow and obvious way."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from mlegrade.competitions import get
from mlegrade.errors import SetupError
from mlegrade.prepare import bson_documents, bson_integers, prepare
from preparing import contents, made, prepared, run
from raw import RAWS
from raw.records import bson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def folders(name: str, *, fixes: bool = False) -> tuple[Path, Path, Path]:
    """Return raw, public and private data."""
    done = prepared(name, fixes=fixes)
    return prepared(name).parents[2] / "raw", done / "public", done / "private"


def tables(name: str) -> dict[str, pd.DataFrame]:
    return RAWS[name].make_tables()


def test_billion_words_lose_one_inside() -> None:
    raw, public, private = folders("billion-word-imputation")
    lines = zipfile.ZipFile(raw / "train_v2.txt.zip").read("train_v2.txt").decode().splitlines()
    kept = zipfile.ZipFile(public / "train_v2.txt.zip").read("train_v2.txt").decode().splitlines()
    whole = pd.read_csv(private / "test.csv")
    shown = pd.read_csv(io.BytesIO(zipfile.ZipFile(public / "test_v2.txt.zip").read("test_v2.txt")))
    assert sorted([*kept, *whole["sentence"]]) == sorted(lines)
    assert whole["id"].tolist() == shown["id"].tolist() == list(range(len(whole)))
    for sentence, gap in zip(whole["sentence"], shown["sentence"], strict=True):
        words, rest = sentence.split(), gap.split()
        assert any([*words[:at], *words[at + 1 :]] == rest for at in range(1, len(words) - 1))
    head = (private / "test.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == '"id","sentence"'


def test_products_lose_their_category_alone() -> None:
    raw, public, private = folders("cdiscount-image-classification-challenge")
    documents = list(bson_documents(raw / "train.bson"))
    answers = pd.read_csv(private / "answers.csv")
    hidden = set(answers["_id"])
    assert answers["_id"].is_monotonic_increasing
    train = [each for each in documents if bson_integers(each, "_id")[0] not in hidden]
    assert list(bson_documents(public / "train.bson")) == train
    assert list(bson_documents(public / "train_example.bson")) == train[:100]
    rows = tables("cdiscount-image-classification-challenge")["~products"]
    expected = [
        bson({"_id": int(name), "imgs": [{"picture": b"jpeg"}] * (1 + at % 2)})
        for at, name in enumerate(rows["_id"])
        if name in hidden
    ]
    assert list(bson_documents(public / "test.bson")) == expected


def test_pages_become_pixels_in_the_order_of_their_names() -> None:
    raw, public, private = folders("denoising-dirty-documents")
    from PIL import Image

    answers = pd.read_csv(private / "answers.csv", dtype=str)
    pages = sorted(path.name for path in (public / "test").iterdir())
    expected = []
    with zipfile.ZipFile(raw / "train_cleaned.zip") as archive:
        for page in pages:
            pixels = np.asarray(Image.open(io.BytesIO(archive.read(f"train_cleaned/{page}"))))
            for (row, column), value in np.ndenumerate(pixels):
                expected.append((f"{page[:-4]}_{row + 1}_{column + 1}", str(float(value / 255.0))))
    assert list(answers.itertuples(index=False, name=None)) == expected
    assert sorted(path.name for path in (public / "train").iterdir()) == sorted(
        path.name for path in (public / "train_cleaned").iterdir()
    )


def test_masks_of_contrails_are_read_down_the_columns() -> None:
    raw, public, private = folders("google-research-identify-contrails-reduce-global-warming")
    answers = pd.read_csv(private / "answers.csv", dtype=str)
    for row in answers.itertuples(index=False):
        mask = np.load(raw / "train" / row.record_id / "human_pixel_masks.npy")[..., 0]
        pixels = []
        cells = [] if row.encoded_pixels == "-" else list(map(int, row.encoded_pixels.split()))
        for start, length in zip(cells[::2], cells[1::2], strict=True):
            pixels += range(start - 1, start - 1 + length)
        assert pixels == np.flatnonzero(mask.ravel(order="F")).tolist()
        assert (row.height, row.width) == ("6", "5")
    draw = random.Random(0)
    sample = pd.read_csv(public / "sample_submission.csv")["encoded_pixels"]
    assert sample.tolist() == [draw.choice(["1 3 10 5", "-"]) for _ in answers["record_id"]]
    assert not list((public / "test").rglob("human_*"))


def test_families_of_notebooks_fill_the_test_set() -> None:
    _, public, private = folders("AI4Code")
    ancestors = tables("AI4Code")["train_ancestors.csv"]
    shuffled = ancestors.sample(frac=1, random_state=0)
    families: dict[str, list[str]] = {}
    for row in shuffled.itertuples(index=False):
        families.setdefault(row.ancestor_id, []).append(row.id)
    test: set[str] = set()
    for family in families.values():
        if len(test) + len(family) <= 9:
            test.update(family)
    orders = pd.read_csv(private / "test_orders.csv")
    assert set(orders["id"]) == test
    sample = pd.read_csv(public / "sample_submission.csv")
    assert sample["id"].tolist() == orders["id"].tolist()
    cells = json.loads((public / "test" / f"{sample['id'][0]}.json").read_bytes())["cell_type"]
    assert sample["cell_order"][0].split() == list(cells)
    told = pd.read_csv(public / "train_ancestors.csv")
    assert told["id"].tolist() == [name for name in shuffled["id"] if name not in test]


def test_photographs_of_camera_traps_stay_below_the_share() -> None:
    _, public, private = folders("iwildcam-2020-fgvc7")
    images = tables("iwildcam-2020-fgvc7")["~images"]
    answers = pd.read_csv(private / "answers.csv")
    share = len(answers) / (len(images) + len(answers))
    assert 0.15 < share < 0.22
    told = json.loads((public / "iwildcam2020_train_annotations.json").read_bytes())
    assert list(told) == ["annotations", "images", "categories", "info"]
    # One photograph lacks a field, which makes floats of the others' whole numbers.
    frames = [image["frame"] for image in told["images"]] if "frame" in told["images"][0] else []
    assert all(isinstance(frame, float) for frame in frames)
    shown = json.loads((public / "iwildcam2020_test_information.json").read_bytes())
    assert list(shown) == ["images", "categories", "info"]


def test_the_sample_of_iwildcam_2019_has_the_numbers_of_rows() -> None:
    _, public, private = folders("iwildcam-2019-fgvc6")
    head, *rows = (public / "sample_submission.csv").read_text().splitlines()
    assert head == ",Id,Category"
    ids = tables("iwildcam-2019-fgvc6")["train.csv"]["id"].tolist()
    answers = pd.read_csv(private / "answers.csv")["Id"]
    assert rows == [f"{ids.index(name)},{name},0" for name in answers]


def test_purchases_of_the_last_days() -> None:
    name = "h-and-m-personalized-fashion-recommendations"
    table = tables(name)["transactions_train.csv"]
    for fixes, days in ((False, 8), (True, 7)):
        _, public, private = folders(name, fixes=fixes)
        last = sorted(table["t_dat"].unique())[-days:]
        bought: dict[str, list[str]] = {}
        for row in table.itertuples(index=False):
            if row.t_dat in last:
                article = row.article_id if fixes else str(int(row.article_id))
                bought.setdefault(row.customer_id, []).append(article)
        answers = pd.read_csv(private / "answers.csv", dtype=str)
        assert dict(zip(answers["customer_id"], answers["prediction"], strict=True)) == {
            customer: " ".join(articles) for customer, articles in bought.items()
        }
        assert answers["customer_id"].is_monotonic_increasing
        kept = pd.read_csv(public / "transactions_train.csv")
        assert not set(kept["t_dat"]) & set(last)


def test_a_rare_target_is_exchanged_into_the_test_part(tmp_path: Path) -> None:
    name = "google-quest-challenge"
    made = tables(name)
    train = made["train.csv"]
    spelling = "question_type_spelling"
    train[spelling] = 0.0
    train.loc[3, spelling] = 1.0
    RAWS[name].write(tmp_path / "raw", made)
    order = np.random.RandomState(0).permutation(len(train)).tolist()
    test, rest = order[:7], order[7:]
    assert 3 in rest  # else there is nothing to exchange
    done = prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off").folder
    answers = pd.read_csv(done / "private" / "test.csv")
    assert answers["qa_id"].tolist() == [3, *test[1:]]
    kept = pd.read_csv(done / "public" / "train.csv")["qa_id"].tolist()
    assert kept == [test[0] if row == 3 else row for row in rest]


def test_linked_tables_of_drives() -> None:
    name = "3d-object-detection-for-autonomous-vehicles"
    _, public, private = folders(name)

    def tokens(path: str, key: str = "token") -> list[Any]:
        return [record[key] for record in json.loads((public / path).read_bytes())]

    assert not (public / "test_data" / "sample_annotation.json").exists()
    assert not (public / "test_data" / "instance.json").exists()
    for part in ("train", "test"):
        moments = tokens(f"{part}_data/sample.json")
        data = tokens(f"{part}_data/sample_data.json", "sample_token")
        assert sorted(set(data)) == sorted(moments)
        poses = tokens(f"{part}_data/ego_pose.json")
        assert poses == [f"pose-{moment}" for moment in data]
        calibrations = tokens(f"{part}_data/calibrated_sensor.json")
        assert len(calibrations) == len(set(calibrations)) == 2 * len(moments) / 2
    assert tokens("train_data/map.json", "log_tokens") == tokens("test_data/map.json", "log_tokens")
    fixed = folders(name, fixes=True)[1]
    (shown,) = json.loads((fixed / "train_data" / "map.json").read_bytes())
    assert set(shown["log_tokens"]) == set(tokens("train_data/log.json"))
    answers = pd.read_csv(private / "test.csv")["PredictionString"]
    assert all(len(text.split(" ")) % 9 == 0 for text in answers)
    assert answers[0].startswith("1.0 ")


def test_metadata_of_sheets_tells_no_class_of_test_sheets() -> None:
    for name in ("herbarium-2020-fgvc7", "herbarium-2021-fgvc8"):
        _, public, private = folders(name)
        base = public / ("nybg2020" if "2020" in name else "")
        train, test = (
            json.loads((base / part / "metadata.json").read_bytes()) for part in ("train", "test")
        )
        assert set(test) == {"images", "info", "licenses"}
        answers = pd.read_csv(private / "answers.csv")
        assert [image["id"] for image in test["images"]] == answers["Id"].astype(str).tolist()
        for image in test["images"]:
            assert (base / "test" / image["file_name"]).is_file()
        assert len(train["images"]) + len(answers) == len(tables(name)["~images"])
        for annotation, image in zip(train["annotations"], train["images"], strict=True):
            assert annotation["image_id"] == image["id"]
            assert (base / "train" / image["file_name"]).is_file()
        assert "Épinette 3" in str(train["categories"])


def test_tfrecords_with_other_names_are_shared_out_alike(tmp_path: Path) -> None:
    name = "cassava-leaf-disease-classification"
    RAWS[name].write(tmp_path / "raw")
    for path in (tmp_path / "raw" / "train_tfrecords").iterdir():
        path.rename(path.with_name(f"{path.name[:10]}-4.tfrec"))
    done = prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off").folder
    answers = (done / "private" / "test.csv").read_bytes()
    assert answers == (folders(name)[2] / "test.csv").read_bytes()
    records = sorted(path.name for path in (done / "public" / "test_tfrecords").iterdir())
    assert records == ["ld_test00-4.tfrec", "ld_test01-4.tfrec"]


@pytest.mark.parametrize("table", ["sample", "sample_data", "scene"])
def test_a_record_of_neither_part_is_refused(table: str, tmp_path: Path) -> None:
    name = "3d-object-detection-for-autonomous-vehicles"
    RAWS[name].write(tmp_path / "raw")
    path = tmp_path / "raw" / "train_data" / f"{table}.json"
    records = json.loads(path.read_bytes())
    stray = dict.fromkeys(records[0], "elsewhere")
    path.write_text(json.dumps([*records, stray]), encoding="utf-8")
    with pytest.raises(SetupError, match=r"drive of each sample|part for each"):
        prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off")


def without_first(name: str, count: int) -> Callable[[Path], None]:
    """Return what takes the records of the first drive away from a table."""

    def change(raw: Path) -> None:
        path = raw / "train_data" / f"{name}.json"
        records = json.loads(path.read_bytes())[count:]
        path.write_text(json.dumps(records), encoding="utf-8")

    return change


def without_row(raw: Path) -> None:
    path = raw / "train.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def of_another_format(raw: Path) -> None:
    path = raw / "train_data" / "sample_data.json"
    path.write_text(path.read_text().replace('"fileformat": "bin"', '"fileformat": "pcd"', 1))


def in_two_folders(raw: Path) -> None:
    path = raw / "train_data" / "sample_data.json"
    records = json.loads(path.read_bytes())
    records.append({**records[0], "filename": f"elsewhere/{records[0]['filename']}"})
    path.write_text(json.dumps(records), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (without_row, "a row of train.csv for each sample"),
        (without_first("sample_annotation", 2), "a part for each instance"),
        (without_first("sample_data", 4), "a part for each calibrated_sensor"),
        (of_another_format, "images and lidar files only"),
        (in_two_folders, "no two files of one name"),
    ],
)
def test_tables_of_drives_have_to_be_whole(
    change: Callable[[Path], None], what: str, tmp_path: Path
) -> None:
    name = "3d-object-detection-for-autonomous-vehicles"
    RAWS[name].write(tmp_path / "raw")
    change(tmp_path / "raw")
    with pytest.raises(SetupError, match=what):
        prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off")


@pytest.mark.parametrize(
    ("name", "file", "what"),
    [
        ("freesound-audio-tagging-2019", "train_noisy/*", "raw folder 'train_noisy'"),
        ("siim-isic-melanoma-classification", "tfrecords/train02*", "8 TFRecord files"),
        ("uw-madison-gi-tract-image-segmentation", "train/*/*/*/slice_0002*", "image of each"),
        ("vesuvius-challenge-ink-detection", "train/1/surface_volume/02.tif", "3 slices"),
    ],
)
def test_files_that_no_checksum_covers_are_missed(
    name: str, file: str, what: str, tmp_path: Path
) -> None:
    RAWS[name].write(tmp_path / "raw")
    for path in (tmp_path / "raw").glob(file):
        path.unlink()
    for folder in (tmp_path / "raw").glob(file.removesuffix("/*")):
        folder.rmdir()
    with pytest.raises(SetupError, match=what):
        run(name, tmp_path / "raw", tmp_path)


def test_a_billion_words_have_their_number_of_lines(tmp_path: Path) -> None:
    name = "billion-word-imputation"
    with pytest.raises(SetupError, match="600 lines does not hold"):
        made(name, tmp_path, {"train_v2.txt": tables(name)["train_v2.txt"].iloc[:-1]})


def test_labels_of_birds_may_have_blanks_between_them(tmp_path: Path) -> None:
    name = "mlsp-2013-birds"
    tables = RAWS[name].make_tables()
    labels = tables["~birds"]["labels"].str.replace(",", ", ")
    RAWS[name].write(tmp_path / "raw", {"~birds": tables["~birds"].assign(labels=labels)})
    done = prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off").folder
    answers = (done / "private" / "answers.csv").read_bytes()
    assert answers == (folders(name)[2] / "answers.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("aptos2019-blindness-detection", "train.csv"),
        ("aerial-cactus-identification", "train.csv"),
        ("plant-pathology-2021-fgvc8", "train.csv"),
    ],
)
def test_a_photograph_may_be_listed_twice(name: str, table: str, tmp_path: Path) -> None:
    """On either side; it is there as a file once."""
    rows = tables(name)[table]
    twice = pd.concat([rows, rows], ignore_index=True)
    RAWS[name].write(tmp_path / "raw", {table: twice})
    done = prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="off").folder
    found = contents(done / "public")
    for part in ("train", "test"):
        listed = done / ("private" if part == "test" else "public")
        names = pd.read_csv(listed / get(name).answers_file if part == "test" else listed / table)
        files = [file for file in found if file.startswith(part) and not file.endswith(".csv")]
        assert len(files) == names.iloc[:, 0].nunique()
