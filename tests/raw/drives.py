"""Raw data of competitions with recordings of drives and of sounds."""

from __future__ import annotations

import io
import json
import zipfile

from mlegrade.competitions.freesound_audio_tagging_2019.grader import SOUNDS
from raw.making import Raw, Tables, choice, drawn, each, ids, others, table, together

DRIVES = 15


def lyft(tables: Tables) -> dict[str, bytes]:
    """The linked tables of drives with two moments each, an image and a scan at each moment."""
    drives = tables["~drives"]["drive"].tolist()
    moments = [(drive, f"{drive}-m{at}") for drive in drives for at in range(2)]
    data = [
        {
            "token": f"{moment}-{kind}",
            "sample_token": moment,
            "ego_pose_token": f"pose-{moment}",
            "calibrated_sensor_token": f"{kind}-of-{drive}",
            "filename": f"{folder}/{moment}.{kind}",
            "fileformat": kind,
        }
        for drive, moment in moments
        for kind, folder in (("jpeg", "images"), ("bin", "lidar"))
    ]
    annotations = [
        {"token": f"a-{moment}", "sample_token": moment, "instance_token": f"i-{drive}"}
        for drive, moment in moments
    ]
    records = {
        "log": [{"token": drive, "logfile": ""} for drive in drives],
        "scene": [{"token": drive, "log_token": drive} for drive in drives],
        "sample": [{"token": moment, "scene_token": drive} for drive, moment in moments],
        "sample_data": data,
        "calibrated_sensor": [
            {"token": f"{kind}-of-{drive}", "rotation": [1, 0.5]}
            for kind in ("bin", "jpeg")
            for drive in drives
        ],
        "ego_pose": [{"token": f"pose-{moment}"} for _, moment in moments],
        "map": [{"token": "m", "log_tokens": drives}],
        "sample_annotation": annotations,
        "instance": [{"token": f"i-{drive}"} for drive in drives],
        **{name: [] for name in ("attribute", "category", "sensor", "visibility")},
    }
    found = {f"train_data/{name}.json": json.dumps(r).encode() for name, r in records.items()}
    for drive, moment in moments:
        for kind, folder in (("jpeg", "images"), ("bin", "lidar")):
            found[f"train_{folder}/{moment}.{kind}"] = f"{drive}|{moment}".encode()
    return found


def labels_from_elsewhere(tables: Tables) -> dict[str, bytes]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        content = tables["~labels"].to_csv(index=False)
        archive.writestr("FSDKaggle2019.meta/test_post_competition.csv", content)
    return {"FSDKaggle2019.meta.zip": file.getvalue()}


CLIPS = ["f76181c4.wav", "1d44b0bd.wav", "0006ae4e.wav", "0019ef41.wav"]

RAWS = {
    "3d-object-detection-for-autonomous-vehicles": Raw(
        {
            "~drives": table(DRIVES, drive=ids("{:064x}", 0xA << 250)),
            "train.csv": table(
                2 * DRIVES,
                drive=drawn(lambda _, at: f"{(0xA << 250) + at // 2:064x}"),
                Id=drawn(lambda _, at: f"{(0xA << 250) + at // 2:064x}-m{at % 2}"),
                PredictionString=choice(
                    "1.50 2 3 1.9 4.7 1.6 0.35 car 5 6 7 0.7 0.8 1.75 -2.10 pedestrian",
                    "5 6 7 0.7 0.8 1.75 -2.10 bus",
                ),
            ),
        },
        together(lyft, others("train_maps/map_raster_palo_alto.png")),
        labels={"train.csv": ("PredictionString",)},
        unit="drive",
        test=3,
        test_in="files:test_images",
        train_in="files:train_images",
    ),
    "freesound-audio-tagging-2019": Raw(
        {
            "train_curated.csv": table(
                4, fname=drawn(lambda _, at: CLIPS[at]), labels=choice("Bark", "Gong,Purr")
            ),
            "train_noisy.csv": table(
                3, fname=ids("{:08x}.wav", 0xB0000000), labels=choice("Bark", "Run")
            ),
            "sample_submission.csv": table(
                160,
                {"fname": ids("{:08x}.wav", 0xA0000000), **dict.fromkeys(SOUNDS, choice(0))},
            ),
            "~labels": table(
                170,
                fname=ids("{:08x}.wav", 0xA0000000),
                labels=choice(*SOUNDS, "Bark,Gong"),
                usage=drawn(lambda _, at: "Private" if at < 160 else "Public"),
            ),
        },
        together(
            labels_from_elsewhere,
            each("train_curated.csv", "train_curated/{fname}", unit="fname"),
            each("train_noisy.csv", "train_noisy/{fname}", unit="fname"),
            each("sample_submission.csv", "test/{fname}", unit="fname"),
        ),
        pack={"train_curated.zip": "train_curated"},
        elsewhere=("FSDKaggle2019.meta.zip",),
        labels={"~labels": ("labels",)},
        unit="fname",
        seed=None,
        test=160,
        train_in="public/train_curated.csv",
    ),
}
