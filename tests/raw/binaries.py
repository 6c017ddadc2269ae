"""Raw data of competitions whose preparers look into binary files, and of a very large table."""

from __future__ import annotations

import io
import tarfile
import zipfile

import numpy as np

from raw.making import (
    Raw,
    Tables,
    choice,
    drawn,
    each,
    floats,
    hexes,
    ids,
    others,
    table,
    together,
    whole,
)
from raw.records import tfrecords

VERTEBRAE = ("patient_overall", "C1", "C2", "C3", "C4", "C5", "C6", "C7")
STUDY = "1.2.826.0.1.{}"
ARCHIVES = {
    **{f"training{at}": ".tar.gz" for at in (1, 2, 3)},
    **{f"validation{at}": ".tar.gz" for at in (1, 2, 3)},
    "devel01-40": ".7z",
    "valid_all_files_combined": ".7z",
    "sample_code_mmrgc": ".zip",
}
A_RECORD = 5  # images in a TFRecord file
TIMIT = "timit_11/timit_11"


def isic_records(tables: Tables) -> dict[str, bytes]:
    records = [
        {"image": bytes(300), "target": row["target"], "image_name": row["image_name"].encode()}
        for row in tables["train.csv"].to_dict("records")
    ]
    return {f"tfrecords/train{at:02d}-2071.tfrec": tfrecords(*records[at::8]) for at in range(8)}


def arrays(tables: Tables) -> dict[str, bytes]:
    frames = tables["~frames"]
    features = np.arange(len(frames) * 3, dtype=np.float32).reshape(-1, 3)
    content = {
        "train_11": features,
        "train_label_11": np.array([str(label) for label in frames["label"]]),
        "test_11": features[:15],
    }
    found = {}
    for name, array in content.items():
        target = io.BytesIO()
        np.save(target, array)
        found[f"{TIMIT}/{name}.npy"] = target.getvalue()
    return found


def session(name: str, labels: str) -> bytes:
    """Return the archive of one session: a sound, and a recording that tells the labels."""
    from scipy.io import savemat

    recording, result = io.BytesIO(), io.BytesIO()
    savemat(recording, {"Video": {"NumFrames": 7, "FrameRate": 20, "Labels": labels}})
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"Sample0{name}_audio.wav"), b"sound")
        # The description of a recording tells when it was made.
        content = b"MATLAB 5.0 MAT-file".ljust(116) + recording.getvalue()[116:]
        archive.writestr(zipfile.ZipInfo(f"Sample0{name}.mat"), content)
    return result.getvalue()


def sessions(tables: Tables) -> dict[str, bytes]:
    """Return the archive that becomes the test set; each of its sessions is another archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for row in tables["training.csv"][:19:-1].itertuples():
            content = session(row.Id, row.Sequence)
            info = tarfile.TarInfo(f"Sample0{row.Id}.zip")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return {"training4.tar.gz": target.getvalue()}


RAWS = {
    "ml2021spring-hw2": Raw(
        {"~frames": table(40, frame=ids(), label=whole(0, 38))},
        arrays,
        labels={"~frames": ("label",)},
        unit="frame",
        renumbered=True,
        test=11,  # 15 / (40 + 15) of 40, rounded up
    ),
    "multi-modal-gesture-recognition": Raw(
        {
            "training.csv": table(
                26,
                Id=ids("{:04d}", 1),
                Sequence=drawn(
                    lambda rng, _: " ".join(map(str, rng.permutation(20)[:6] + 1)),
                    lambda value: f"{value} 7",
                ),
            )
        },
        together(
            sessions,
            others(*(f"{name}/sessions" for name in ARCHIVES)),
        ),
        pack={f"{name}{suffix}": name for name, suffix in ARCHIVES.items()},
        labels={"training.csv": ("Sequence",)},
        leaks=True,
        unit="Id",
        seed=None,
        test=6,
        train_in="public/training.csv",
    ),
    "new-york-city-taxi-fare-prediction": Raw(
        {
            "train.csv": table(
                95,
                key=ids("2015-01-27 13:08:24.{:07d}", 1),
                fare_amount=floats(2, 60, 2),
                pickup_datetime=choice("2015-01-27 13:08:24 UTC"),
                pickup_longitude=floats(-75, -73, 13),
                pickup_latitude=floats(40, 41, 6),
                dropoff_longitude=drawn(lambda rng, at: float(rng.normal()) if at % 9 else None),
                dropoff_latitude=floats(40, 41, 6),
                passenger_count=whole(0, 6),
            )
        },
        others("GCP-Coupons-Instructions.rtf"),
        labels={"train.csv": ("fare_amount",)},
        unit="key",
        test=12,
        train_in="public/labels.csv",
        constants={"TEST_ROWS": 12},
    ),
    "rsna-2022-cervical-spine-fracture-detection": Raw(
        {
            "train.csv": table(
                104,
                {
                    "StudyInstanceUID": ids(STUDY, 6_200),
                    **dict.fromkeys(VERTEBRAE, choice(0, 1)),
                },
            ),
            "train_bounding_boxes.csv": table(
                60,
                StudyInstanceUID=drawn(lambda _, at: STUDY.format(6_210 + at * 7 % 30)),
                x=floats(0, 200, 5),
                slice_number=whole(1, 300),
            ),
        },
        together(
            each("train.csv", "train_images/{StudyInstanceUID}/1.dcm", unit="StudyInstanceUID"),
            others(*(f"segmentations/{STUDY.format(6_230 + at)}.nii" for at in range(20))),
        ),
        labels={"train.csv": VERTEBRAE},
        unit="StudyInstanceUID",
        seed=None,
        test=94,
        train_in="public/train.csv",
    ),
    "siim-isic-melanoma-classification": Raw(
        {
            "train.csv": table(
                8 * A_RECORD,
                image_name=hexes(12),
                patient_id=ids("IP_{:07d}"),
                sex=choice("male", "female"),
                age_approx=floats(20, 80, 0),
                anatom_site_general_challenge=choice("torso", "head/neck"),
                diagnosis=choice("nevus", "melanoma"),
                benign_malignant=choice("benign", "malignant"),
                target=choice(0, 1),
            )
        },
        together(
            each(
                "train.csv",
                "train/{image_name}.dcm",
                "jpeg/train/{image_name}.jpg",
                unit="image_name",
            ),
            isic_records,
        ),
        labels={"train.csv": ("diagnosis", "benign_malignant", "target")},
        leaks=True,
        unit="image_name",
        seed=None,
        test=2 * A_RECORD,
        train_in="public/train.csv",
        constants={"RECORDS": 8},
    ),
}
