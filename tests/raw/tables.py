"""Raw data of competitions with tables."""

from __future__ import annotations

from raw.making import Raw, choice, floats, ids, table

RAWS = {
    "spaceship-titanic": Raw(
        {
            "train.csv": table(
                75,
                PassengerId=ids("{:04d}_01", 1),
                Age=floats(0, 80, 0),
                Transported=choice(True, False),
            )
        },
        labels={"train.csv": ("Transported",)},
        unit="PassengerId",
        test=8,
        train_in="public/train.csv",
    ),
}
