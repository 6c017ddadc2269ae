"""Raw data of competitions with rows in time, and with many rows."""

from __future__ import annotations

from raw.making import Raw, choice, drawn, floats, ids, table

STEPS = 8

RAWS = {
    "ventilator-pressure-prediction": Raw(
        {
            "train.csv": table(
                31 * STEPS,
                id=ids("{}", 1),
                breath_id=drawn(lambda _, at: 900 - at // STEPS * 3),
                R=choice(5, 20, 50),
                C=choice(10, 20, 50),
                time_step=floats(0, 2, 16),
                u_in=floats(0, 99, 14),
                u_out=choice(0, 1),
                pressure=floats(3, 40, 14),
            )
        },
        labels={"train.csv": ("pressure",)},
        unit="breath_id",
        test=4,
        train_in="public/train.csv",
    ),
}
