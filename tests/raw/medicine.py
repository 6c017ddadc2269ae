"""Raw data of competitions from medicine and chemistry."""

from __future__ import annotations

import math

from mlegrade.competitions.hms_harmful_brain_activity_classification.grader import VOTES
from raw.making import Raw, choice, drawn, each, hexes, ids, others, table, together, whole

RAWS = {
    "aptos2019-blindness-detection": Raw(
        {"train.csv": table(61, id_code=hexes(12), diagnosis=choice(0, 1, 2, 3, 4))},
        each("train.csv", "train_images/{id_code}.png", unit="id_code"),
        labels={"train.csv": ("diagnosis",)},
        unit="id_code",
        test=7,
        train_in="public/train.csv",
    ),
    "bms-molecular-translation": Raw(
        {
            "train_labels.csv": table(
                50,
                image_id=hexes(12),
                InChI=drawn(
                    lambda rng, at: f"InChI=1S/C{at}H{rng.integers(9)}/c1-2(3)4,5",
                    lambda value: f"{value}/p1",
                ),
            ),
            "extra_approved_InChIs.csv": table(3, InChI=ids("InChI=1S/C{}H4")),
        },
        each(
            "train_labels.csv",
            "train/{image_id[0]}/{image_id[1]}/{image_id[2]}/{image_id}.png",
            unit="image_id",
        ),
        labels={"train_labels.csv": ("InChI",)},
        unit="image_id",
        test=10,
        train_in="public/train_labels.csv",
    ),
    "histopathologic-cancer-detection": Raw(
        {"train_labels.csv": table(80, id=hexes(40), label=choice(0, 1))},
        each("train_labels.csv", "train/{id}.tif", unit="id"),
        labels={"train_labels.csv": ("label",)},
        order=("file", "file"),
        unit="id",
        test=math.ceil(80 * 57458 / (220025 + 57458)),
        train_in="public/train_labels.csv",
    ),
    "hms-harmful-brain-activity-classification": Raw(
        {
            "train.csv": table(
                90,
                {
                    "eeg_id": drawn(lambda _, at: 1_628_180_742 + at // 2),
                    "eeg_label_offset_seconds": whole(0, 90),
                    "spectrogram_id": drawn(lambda _, at: 353_733 + at // 4),
                    "spectrogram_label_offset_seconds": whole(0, 90),
                    "patient_id": drawn(lambda _, at: at // 9),
                    **dict.fromkeys(VOTES, whole(1, 9)),
                },
            )
        },
        together(
            each("train.csv", "train_eegs/{eeg_id}.parquet", unit="spectrogram_id"),
            each("train.csv", "train_spectrograms/{spectrogram_id}.parquet", unit="spectrogram_id"),
            others("example_figures/a.pdf"),
        ),
        labels={"train.csv": VOTES},
        order=("file", "file"),
        unit="spectrogram_id",
        test=3,
        train_in="public/train.csv",
        perfect="private/gold_submission.csv",
    ),
}
