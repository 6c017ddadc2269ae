"""What preparers read byte by byte: TFRecords, BSON, classes of metadata, files from elsewhere."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.errors import DownloadError, SetupError
from mlegrade.prepare import _fetch as fetching
from mlegrade.prepare import (
    bson_documents,
    bson_integers,
    bson_without,
    feature_of_records,
    filled,
    one_hot,
    split,
    split_by,
    split_classes,
)
from raw.records import bson, tfrecords

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEATURES = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name != "image_name"),
    st.binary(max_size=300) | st.integers(0, 2**40) | st.floats(width=32, allow_nan=False),
    max_size=4,
)


@given(st.lists(st.tuples(FEATURES, st.binary(max_size=200)), max_size=4))
def test_a_feature_is_found_among_others(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[dict[str, Any], bytes]]
) -> None:
    path = tmp_path_factory.mktemp("records") / "a.tfrec"
    path.write_bytes(tfrecords(*({**others, "image_name": name} for others, name in records)))
    assert list(feature_of_records(path, "image_name")) == [name for _, name in records]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:30],
        lambda content: content + b"\1",
        lambda content: b"\xff" * 8 + content[8:],
        lambda content: content[:12] + b"\xff" * 20 + content[32:],
        lambda content: content.replace(b"image_name", b"image-name"),
    ],
)
def test_damaged_records_say_so(damage: Any, tmp_path: Path) -> None:
    content = tfrecords({"image": bytes(50), "image_name": b"a"}, {"image_name": b"b"})
    path = tmp_path / "a.tfrec"
    path.write_bytes(damage(content))
    with pytest.raises(SetupError, match="Download"):
        list(feature_of_records(path, "image_name"))


DOCUMENT = {
    "_id": 7,
    "category_id": 1000010653,
    "large": 2**40,
    "price": 1.5,
    "name": "é",
    "sold": True,
    "nothing": None,
    "imgs": [{"picture": b"\0\x10_id\0jpeg"}, {"picture": b""}],
    "last": {"_id": 9},
}


@pytest.mark.parametrize("name", [*DOCUMENT, "absent"])
def test_an_element_is_taken_out(name: str) -> None:
    others = {key: value for key, value in DOCUMENT.items() if key != name}
    assert bson_without(bson(DOCUMENT), name) == bson(others)


def test_integers_of_a_document() -> None:
    assert bson_integers(bson(DOCUMENT), "category_id", "_id", "large") == [1000010653, 7, 2**40]
    assert bson_integers(bson({"a": -3}), "a") == [-3]
    with pytest.raises(SetupError, match="no whole number 'price'"):
        bson_integers(bson(DOCUMENT), "price")


def test_documents_come_one_by_one(tmp_path: Path) -> None:
    documents = [bson(DOCUMENT), bson({}), bson({"a": 1})]
    path = tmp_path / "a.bson"
    path.write_bytes(b"".join(documents))
    assert list(bson_documents(path)) == documents
    path.write_bytes(b"".join(documents)[:-1])
    with pytest.raises(SetupError, match="cut short"):
        list(bson_documents(path))


def test_an_unknown_kind_of_element_says_so() -> None:
    with pytest.raises(SetupError, match="0x63 is unknown"):
        bson_integers(bson({"a": None}).replace(b"\x0aa", b"\x63a"), "a")


def metadata(sizes: list[int], key: str = "id") -> dict[str, list[dict[str, Any]]]:
    classes = [kind for kind, size in enumerate(sizes) for _ in range(size)]
    return {
        "annotations": [{"image_id": at, "category_id": kind} for at, kind in enumerate(classes)],
        "images": [{key: at} for at in range(len(classes))],
    }


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.sampled_from([0.12, 0.2]))
def test_each_class_is_shared_out(sizes: list[int], share: float) -> None:
    train, test = split_classes(metadata(sizes), share)
    for kind, size in enumerate(sizes):
        kept, taken = (
            [annotation["image_id"] for annotation, _ in part if annotation["category_id"] == kind]
            for part in (train, test)
        )
        first = sum(sizes[:kind])
        assert sorted(kept + taken) == list(range(first, first + size))
        assert kept
        if size == 1:
            assert not taken
        elif size < 5:
            assert taken == list(range(first + size - max(1, int(share * size)), first + size))
        else:
            assert (kept, taken) == split(list(range(first, first + size)), share)


def test_metadata_has_to_belong_together() -> None:
    broken = metadata([3])
    broken["images"].reverse()
    with pytest.raises(SetupError, match="place by place"):
        split_classes(broken, 0.2)
    assert len(split_classes(metadata([3], key="image_id"), 0.2)[0]) == 2


def test_the_split_is_numpys_permutation() -> None:
    rows = np.arange(103)
    train, test = split(rows, 0.1)
    order = np.random.RandomState(0).permutation(103)
    assert test.tolist() == order[:11].tolist()
    assert train.tolist() == order[11:].tolist()
    train, test = split(rows, 20, random_state=42)
    assert test.tolist() == np.random.RandomState(42).permutation(103)[:20].tolist()
    train, test = split(list(rows), train_size=0.75)
    assert len(train) == 77
    table = pd.DataFrame({"id": rows})
    assert split(table, 0.1)[1]["id"].tolist() == order[:11].tolist()


def test_groups_stay_together_and_rows_in_order() -> None:
    table = pd.DataFrame({"place": [5, 3, 5, 9, 3, 1, 7, 9, 2, 5], "row": range(10)})
    train, test = split_by(table, "place", 0.3)
    _, places = split([5, 3, 9, 1, 7, 2], 0.3)
    assert set(test["place"]) == set(places)
    assert not set(train["place"]) & set(places)
    for part in (train, test):
        assert part["row"].is_monotonic_increasing
    assert len(train) + len(test) == 10


def test_columns_of_classes_and_constants() -> None:
    labels = pd.Series(["b", "a", "b"], index=[4, 2, 9])
    hot = one_hot(labels, ["a", "b", "c"])
    assert hot.to_numpy().tolist() == [[0, 1, 0], [1, 0, 0], [0, 1, 0]]
    ids = pd.DataFrame({"id": [1, 2, 3]}, index=[4, 2, 9])
    assert ids.join(hot)["b"].tolist() == [1, 0, 1]
    assert filled(ids, ["x", "y"], 0.5).to_numpy().tolist() == [[n, 0.5, 0.5] for n in (1, 2, 3)]
    assert filled(ids, ["x"], np.array([3, 2, 1]))["x"].tolist() == [3, 2, 1]


class Server(BaseHTTPRequestHandler):
    statuses: list[int]
    asked: list[str]
    length: str

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = self.statuses.pop(0) if self.statuses else 200
        self.send_response(status)
        self.send_header("Content-Length", self.length)
        self.end_headers()
        self.wfile.write(b"content" if status == 200 else b"refused")

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


@pytest.fixture
def server() -> Iterator[type[Server]]:
    handler = type("Handler", (Server,), {"statuses": [], "asked": [], "length": "7"})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
        thread.start()
        handler.address = f"http://127.0.0.1:{serving.server_port}/a.zip"  # type: ignore[attr-defined]
        yield handler
        serving.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("statuses", "asked", "works"),
    [
        ([], 1, True),
        ([500, 429], 3, True),
        ([503, 503, 503], 3, False),
        ([404], 1, False),
    ],
)
def test_a_file_from_elsewhere(
    server: Any,
    statuses: list[int],
    asked: int,
    works: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(fetching, "sleep", lambda _: None)
    server.statuses += statuses
    if works:
        fetching.fetch(server.address, tmp_path / "a.zip")
        assert (tmp_path / "a.zip").read_bytes() == b"content"
    else:
        with pytest.raises(DownloadError, match=r"as a\.zip beside the raw files") as caught:
            fetching.fetch(server.address, tmp_path / "a.zip")
        assert caught.value.url == server.address
        assert not (tmp_path / "a.zip").exists()
    assert len(server.asked) == asked


def test_a_file_that_ends_too_early(
    server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fetching, "sleep", lambda _: None)
    server.length = "9"
    with pytest.raises(DownloadError, match="7 of 9 bytes"):
        fetching.fetch(server.address, tmp_path / "a.zip")
    assert len(server.asked) == 3


def test_labels_from_elsewhere_are_fetched(
    server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from mlegrade.competitions.freesound_audio_tagging_2019 import prepare as preparer
    from mlegrade.prepare import prepare
    from raw import RAWS

    name = "freesound-audio-tagging-2019"
    RAWS[name].write(tmp_path / "raw")
    content = (tmp_path / "raw" / "FSDKaggle2019.meta.zip").read_bytes()
    (tmp_path / "raw" / "FSDKaggle2019.meta.zip").unlink()

    def hand_out(self: Any) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    monkeypatch.setattr(server, "do_GET", hand_out)
    monkeypatch.setattr(preparer, "URL", server.address)
    done = prepare(name, source=tmp_path / "raw", data_dir=tmp_path, verify="content")
    assert len(pd.read_csv(done.folder / "private" / "test.csv")) == 160
    assert not list((done.folder / "public").glob("FSD*"))
