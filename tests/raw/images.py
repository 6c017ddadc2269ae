"""Raw data of competitions with images."""

from __future__ import annotations

from raw.making import Raw, choice, each, hexes, ids, table, whole

SPECIES = "Black-grass", "Charlock", "Maize", "Sugar beet"

RAWS = {
    "aerial-cactus-identification": Raw(
        {"train.csv": table(100, id=hexes(32, ".jpg"), has_cactus=choice(0, 1))},
        each("train.csv", "train/{id}", unit="id"),
        pack={"train.zip": "train"},
        labels={"train.csv": ("has_cactus",)},
        unit="id",
        test=19,
        train_in="public/train.csv",
    ),
    "petfinder-pawpularity-score": Raw(
        {
            "train.csv": table(
                95, Id=hexes(32), Eyes=choice(0, 1), Blur=choice(0, 1), Pawpularity=whole(1, 100)
            )
        },
        each("train.csv", "train/{Id}.jpg", unit="Id"),
        labels={"train.csv": ("Pawpularity",)},
        unit="Id",
        test=10,
        train_in="public/train.csv",
    ),
    "plant-seedlings-classification": Raw(
        {"~photographs": table(60, file=ids("{:09x}.png"), species=choice(*SPECIES))},
        each("~photographs", "train/{species}/{file}", unit="file"),
        # The list that is split is sorted by species: other labels are another split.
        unit="file",
        seed=None,
        test=9,
    ),
}
