"""Raw data of competitions about leaves and other things in tables with a picture a row."""

from __future__ import annotations

from raw.making import Raw, choice, drawn, each, hexes, ids, table

DISEASES = "blast", "hispa", "normal", "tungro"

RAWS = {
    "paddy-disease-classification": Raw(
        {
            "train.csv": table(
                57,
                image_id=ids("{}.jpg", 100_330),
                label=choice(*DISEASES),
                variety=choice("ADT45", "Ponni"),
                age=choice(45, 60),
            )
        },
        each("train.csv", "train_images/{label}/{image_id}", unit="image_id"),
        labels={"train.csv": ("label",)},
        unit="image_id",
        test=15,
        train_in="public/train.csv",
    ),
    "plant-pathology-2020-fgvc7": Raw(
        {
            "train.csv": table(
                44,
                image_id=ids("Train_{}"),
                healthy=drawn(lambda _, at: int(at % 4 == 0), lambda value: 1 - value),
                multiple_diseases=drawn(lambda _, at: int(at % 4 == 1), lambda value: 1 - value),
                rust=drawn(lambda _, at: int(at % 4 == 2), lambda value: 1 - value),
                scab=drawn(lambda _, at: int(at % 4 == 3), lambda value: 1 - value),
            )
        },
        each("train.csv", "images/{image_id}.jpg", unit="image_id"),
        labels={"train.csv": ("healthy", "multiple_diseases", "rust", "scab")},
        unit="image_id",
        shared=("images",),  # under new names
        renumbered=True,
        test=5,
    ),
    "plant-pathology-2021-fgvc8": Raw(
        {
            "train.csv": table(
                56, image=hexes(16, ".jpg"), labels=choice("healthy", "scab", "scab rust", "rust")
            )
        },
        each("train.csv", "train_images/{image}", unit="image"),
        labels={"train.csv": ("labels",)},
        unit="image",
        test=12,
        train_in="public/train.csv",
    ),
}
