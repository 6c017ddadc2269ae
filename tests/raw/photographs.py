"""Raw data of competitions with photographs."""

from __future__ import annotations

from mlegrade.competitions.dog_breed_identification.grader import BREEDS
from raw.making import Raw, choice, each, hexes, ids, table, whole

METHODS = "JMiPOD", "JUNIWARD", "UERD"

RAWS = {
    "alaska2-image-steganalysis": Raw(
        {"~photographs": table(40, number=ids("{:05d}", 1))},
        each(
            "~photographs",
            *(f"{folder}/{{number}}.jpg" for folder in ("Cover", *METHODS)),
            unit="number",
        ),
        unit="number",
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
}
