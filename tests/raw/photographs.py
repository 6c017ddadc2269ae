"""Raw data of competitions with photographs."""

from __future__ import annotations

import json

from mlegrade.competitions.cassava_leaf_disease_classification.prepare import RECORDS
from mlegrade.competitions.dog_breed_identification.grader import BREEDS
from raw.making import (
    Files,
    Raw,
    Table,
    Tables,
    choice,
    drawn,
    each,
    hexes,
    ids,
    of,
    others,
    table,
    together,
    whole,
)
from raw.records import bson, tfrecords

METHODS = "JMiPOD", "JUNIWARD", "UERD"


def cassava(tables: Tables) -> dict[str, bytes]:
    """The TFRecords of the photographs, four to a file."""
    records = [
        {"image": b"jpeg", "target": row["label"], "image_name": row["image_id"].encode()}
        for row in tables["train.csv"].to_dict("records")
    ]
    return {
        f"train_tfrecords/{name}": tfrecords(*records[4 * at : 4 * at + 4])
        for at, name in enumerate(RECORDS)
    }


def products(tables: Tables) -> dict[str, bytes]:
    pictures = [{"picture": b"jpeg"}] * 2
    documents = [
        bson({**row, "imgs": pictures[: 1 + at % 2]})
        for at, row in enumerate(tables["~products"].to_dict("records"))
    ]
    return {"train.bson": b"".join(documents)}


def coco(path: str, image_key: str = "id", **more: object) -> Files:
    """The metadata of the photographs of `~images`: annotations and images side by side."""

    def files(tables: Tables) -> dict[str, bytes]:
        rows = tables["~images"].to_dict("records")
        metadata = {
            "annotations": [
                {"id": at, "image_id": row["id"], "category_id": row["category_id"]}
                for at, row in enumerate(rows)
            ],
            "images": [
                {image_key: row["id"], "file_name": row["file_name"], "license": 1} for row in rows
            ],
            "categories": [{"id": at, "name": f"Épinette {at}"} for at in range(9)],
            "info": {"year": 2020},
            "licenses": [],
            **more,
        }
        return {path: json.dumps(metadata, ensure_ascii=False).encode(ENCODINGS.get(path, "utf-8"))}

    return files


def camera_traps(tables: Tables) -> dict[str, bytes]:
    """Metadata of photographs, some of which lack a field."""
    rows = tables["~images"].to_dict("records")
    images = [
        {"id": row["id"], "location": row["location"], "seq_id": "é"}
        | ({"frame": 1} if at % 2 else {})
        for at, row in enumerate(rows)
    ]
    annotations = [
        {
            "id": f"{row['id']}a",
            "image_id": row["id"],
            "category_id": row["category_id"],
            "count": 1,
        }
        for row in rows
    ]
    categories = [{"id": 0, "name": "empty", "count": 9}]
    info = {"year": 2020}
    train = {
        "annotations": annotations,
        "images": images,
        "categories": categories,
        "info": info,
    }
    test = {"images": images[:2], "categories": categories, "info": info}
    return {
        "iwildcam2020_train_annotations.json": json.dumps(train).encode(),
        "iwildcam2020_test_information.json": json.dumps(test).encode(),
    }


ENCODINGS = {"nybg2020/train/metadata.json": "latin-1"}
# Of the classes one has a single photograph, some have few, and some have many.
SIZES = [1, 2, 4, 5, 9, 17, 22]
CLASSES = [kind for kind, size in enumerate(SIZES) for _ in range(size)]


def share(percent: int, few: int = 5) -> int:
    """Return how many photographs of these classes go to the test set."""
    drawn_from = sum(-(-size * percent // 100) for size in SIZES if size >= few)
    return drawn_from + sum(max(1, size * percent // 100) for size in SIZES if 1 < size < few)


def specimens(form: str) -> Table:
    return table(
        len(CLASSES),
        id=ids(start=100),
        category_id=drawn(lambda _, at: CLASSES[at]),
        file_name=of(lambda row: form.format(kind=row.category_id, name=row.id)),
    )


RAWS = {
    "alaska2-image-steganalysis": Raw(
        {"~photographs": table(40, number=ids("{:05d}", 1))},
        each(
            "~photographs",
            *(f"{folder}/{{number}}.jpg" for folder in ("Cover", *METHODS)),
            unit="number",
        ),
        unit="number",
        seed=42,
        test=12,
        test_in="files:Test",
        train_in="files:Cover",
        partly=True,  # of the four versions of a test photograph one is shown
        constants={"TEST": 12},
    ),
    "dog-breed-identification": Raw(
        {"labels.csv": table(131, id=hexes(32), breed=choice(*BREEDS))},
        each("labels.csv", "train/{id}.jpg", unit="id"),
        labels={"labels.csv": ("breed",)},
        unit="id",
        test=14,
        train_in="public/labels.csv",
    ),
    "dogs-vs-cats-redux-kernels-edition": Raw(
        {"~photographs": table(40, number=ids(), kind=choice("cat", "dog"))},
        each("~photographs", "train/{kind}.{number}.jpg", unit="number"),
        pack={"train.zip": "train"},
        # The list that is split is sorted by kind: other labels are another split.
        unit="number",
        seed=None,
        test=4,
        test_in="files:test",
        train_in="files:train",
    ),
    "hotel-id-2021-fgvc8": Raw(
        {
            "train.csv": table(
                70,
                image=hexes(16, ".jpg"),
                chain=whole(0, 5),
                hotel_id=whole(1, 60_000),
                timestamp=ids("2019-01-01 12:{:02d}"),
            )
        },
        each("train.csv", "train_images/{chain}/{image}", unit="image"),
        labels={"train.csv": ("hotel_id",)},
        unit="image",
        test=7,
        train_in="public/train.csv",
    ),
    "imet-2020-fgvc7": Raw(
        {
            "train.csv": table(60, id=hexes(32), attribute_ids=choice("1 2 30", "5", "17 2000")),
            "labels.csv": table(3, attribute_id=ids(), attribute_name=ids("culture::{}")),
        },
        each("train.csv", "train/{id}.png", unit="id"),
        labels={"train.csv": ("attribute_ids",)},
        unit="id",
        test=9,
        train_in="public/train.csv",
    ),
    "cassava-leaf-disease-classification": Raw(
        {"train.csv": table(64, image_id=ids("{}.jpg", 1000), label=choice(0, 1, 2, 3, 4))},
        together(
            cassava,
            each("train.csv", "train_images/{image_id}", unit="image_id"),
            others("label_num_to_disease_map.json"),
        ),
        labels={"train.csv": ("label",)},
        leaks=True,
        unit="image_id",
        seed=None,
        test=8,
        train_in="public/train.csv",
    ),
    "cdiscount-image-classification-challenge": Raw(
        {
            "~products": table(
                60,
                _id=drawn(lambda _, at: 100 + at * 37 % 60),
                category_id=choice(1000010653, 1000004079),
            ),
            "category_names.csv": table(2, category_id=choice(1000010653, 1000004079)),
        },
        products,
        labels={"~products": ("category_id",)},
        order=("file", "sorted"),
        unit="_id",
        test=6,
    ),
    "herbarium-2020-fgvc7": Raw(
        {"~images": specimens("images/000/{kind:02d}/{name}.jpg")},
        together(
            coco("nybg2020/train/metadata.json", regions=[]),
            each("~images", "nybg2020/train/{file_name}", unit="id"),
        ),
        unit="id",
        seed=None,
        test=share(20),
        test_in="files:nybg2020/test",
        train_in="files:nybg2020/train",
    ),
    "herbarium-2021-fgvc8": Raw(
        {"~images": specimens("images/000/{kind:02d}/{name}.jpg")},
        together(
            coco("train/metadata.json", institutions=[]),
            each("~images", "train/{file_name}", unit="id"),
        ),
        unit="id",
        seed=None,
        test=share(20),
        test_in="files:test",
        train_in="files:train",
    ),
    "herbarium-2022-fgvc9": Raw(
        {"~images": specimens("000/{kind:02d}/{name}.jpg")},
        together(
            coco("train_metadata.json", "image_id", genera=[]),
            each("~images", "train_images/{file_name}", unit="id"),
        ),
        unit="id",
        seed=None,
        test=share(20, few=2),
        test_in="files:test_images",
        train_in="files:train_images",
    ),
    "inaturalist-2019-fgvc6": Raw(
        {"~images": specimens("train_val2019/Plants/{kind}/{name}.jpg")},
        together(
            coco("train2019.json"),
            each("~images", "{file_name}", unit="id"),
            others("val2019.json"),
        ),
        pack={"train_val2019.tar.gz": "train_val2019"},
        unit="id",
        seed=None,
        test=share(12),
        train_in="files:train_val2019.tar.gz",
    ),
    "invasive-species-monitoring": Raw(
        {"train_labels.csv": table(50, name=ids(start=1), invasive=choice(0, 1))},
        each("train_labels.csv", "train/{name}.jpg", unit="name"),
        pack={"train.7z": "train", "train_labels.csv.zip": "train_labels.csv"},
        labels={"train_labels.csv": ("invasive",)},
        unit="name",
        test=10,
        train_in="files:train.7z",
    ),
    "iwildcam-2019-fgvc6": Raw(
        {
            "train.csv": table(
                90,
                category_id=choice(0, 1, 19),
                date_captured=ids("2011-05-13 23:43:{:02d}"),
                id=ids("{:08x}-23d2-11e8", 0x58A10000),
                location=drawn(lambda _, at: at // 3),
            )
        },
        each("train.csv", "train_images/{id}.jpg", unit="location"),
        pack={"train_images.zip": "train_images"},
        labels={"train.csv": ("category_id",)},
        order=("file", "file"),
        unit="location",
        seed=8,
        test=3,
        test_in="public/test.csv",
        train_in="public/train.csv",
    ),
    "iwildcam-2020-fgvc7": Raw(
        {
            "~images": table(
                120,
                id=ids("{:08x}-21bc-11ea", 0x8B310000),
                location=drawn(lambda rng, _: int(rng.integers(24))),
                category_id=choice(0, 2, 3),
            )
        },
        together(
            camera_traps,
            each("~images", "train/{id}.jpg", unit="location"),
            others("iwildcam2020_megadetector_results.json"),
        ),
        labels={"~images": ("category_id",)},
        unit="location",
        seed=None,
        test=7,  # drawn, then taken away until they hold less than 22 per cent
        test_in="files:test",
        train_in="files:train",
    ),
}
