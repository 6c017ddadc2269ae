"""Raw data of competitions with medical scans."""

from __future__ import annotations

from raw.making import Raw, choice, drawn, each, table

FINDINGS = ["Aortic enlargement", "Atelectasis", "Cardiomegaly"]


def corner(low, high):
    return drawn(
        lambda rng, at: float(rng.integers(low, high)) if at % 4 else None,
        lambda value: value + 1,
    )


RAWS = {
    "vinbigdata-chest-xray-abnormalities-detection": Raw(
        {
            "train.csv": table(
                120,
                image_id=drawn(lambda _, at: f"a{at * 7 % 45:031x}"),
                class_name=drawn(lambda _, at: FINDINGS[at % 3] if at % 4 else "No finding"),
                class_id=drawn(lambda _, at: (0, 1, 3)[at % 3] if at % 4 else 14),
                rad_id=choice("R1", "R8", "R17"),
                x_min=corner(0, 50),
                y_min=corner(0, 50),
                x_max=corner(60, 99),
                y_max=corner(60, 99),
            )
        },
        each("train.csv", "train/{image_id}.dicom", unit="image_id"),
        labels={"train.csv": ("x_min", "y_min", "x_max", "y_max", "rad_id")},
        unit="image_id",
        test=5,
        train_in="public/train.csv",
        perfect="private/gold_submission.csv",
    ),
}
