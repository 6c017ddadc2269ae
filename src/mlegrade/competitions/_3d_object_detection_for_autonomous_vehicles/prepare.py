"""Lyft 3D Object Detection: a fifth of the drives becomes the test set."""

import json
from pathlib import PurePosixPath
from typing import Any

from mlegrade.prepare import Workspace, split, write_csv, write_json

Records = list[dict[str, Any]]

PARTS = ("train", "test")
TOKENS = 8  # of an object, before its confidence
UNCHANGED = ("attribute.json", "category.json", "sensor.json", "visibility.json")
MAP = "map_raster_palo_alto.png"
FOLDERS = {"jpeg": "images", "bin": "lidar"}


def prepare(files: Workspace) -> None:
    """Make public and private data: linked tables, split along their links."""
    logs = _read(files, "log")
    drives = split([log["token"] for log in logs], 0.2)
    files.require(len({log["token"] for log in logs}) == len(logs), "no two logs with one token")
    every = _all_known(files, "sample", "scene_token", {*drives[0], *drives[1]})
    samples = [_chosen(every, "scene_token", set(tokens)) for tokens in drives]
    moments = [{sample["token"] for sample in part} for part in samples]
    table = files.read_csv("train.csv")[["Id", "PredictionString"]]
    train, test = (table[table["Id"].isin(part)] for part in moments)
    files.require(len(train) + len(test) == len(table), "a sample for each row of train.csv")
    counts = [len(part) for part in moments]
    files.require([len(train), len(test)] == counts, "a row of train.csv for each sample")
    texts = [_with_confidence(files, text) for text in test["PredictionString"]]
    write_csv(files.private / "test.csv", test.assign(PredictionString=texts))
    write_csv(files.public / "sample_submission.csv", test.assign(PredictionString=""))
    if files.answers_only:
        return
    write_csv(files.public / "train.csv", train)
    scenes = _all_known(files, "scene", "log_token", {*drives[0], *drives[1]})
    first_map = _read(files, "map")[0]
    for at, part in enumerate(PARTS):
        _write(files, part, "log", _chosen(logs, "token", set(drives[at])))
        _write(files, part, "scene", _chosen(scenes, "log_token", set(drives[at])))
        _write(files, part, "sample", samples[at])
        # MLE-bench names the test drives in both parts.
        named = drives[at] if files.fixes else drives[1]
        _write(files, part, "map", [{**first_map, "log_tokens": named}])
        for name in UNCHANGED:
            files.copy_as(f"train_data/{name}", f"{part}_data/{name}")
        files.copy_as(f"train_maps/{MAP}", f"{part}_maps/{MAP}")
    _prepare_measurements(files, moments)
    notes = _all_known(files, "sample_annotation", "sample_token", moments[0] | moments[1])
    objects = _all_known(files, "instance", "token", _values(notes, "instance_token"))
    shown = _chosen(notes, "sample_token", moments[0])
    _write(files, "train", "sample_annotation", shown)
    of_train = _values(shown, "instance_token")
    _write(files, "train", "instance", _chosen(objects, "token", of_train))


def _prepare_measurements(files: Workspace, moments: list[set[str]]) -> None:
    """Write what was measured at the moments of each part: where, with which sensors, the files."""
    measured = _all_known(files, "sample_data", "sample_token", moments[0] | moments[1])
    files.require(_values(measured, "fileformat") <= FOLDERS.keys(), "images and lidar files only")
    calibrations, poses = (
        {record["token"]: record for record in _all_known(files, name, "token", used)}
        for name, used in (
            ("calibrated_sensor", _values(measured, "calibrated_sensor_token")),
            ("ego_pose", _values(measured, "ego_pose_token")),
        )
    )
    for part, of_part in zip(PARTS, moments, strict=True):
        data = _chosen(measured, "sample_token", of_part)
        used = dict.fromkeys(record["calibrated_sensor_token"] for record in data)
        _write(files, part, "sample_data", data)
        _write(files, part, "calibrated_sensor", [calibrations[token] for token in used])
        _write(files, part, "ego_pose", [poses[record["ego_pose_token"]] for record in data])
        for kind, folder in FOLDERS.items():
            paths = _values(_chosen(data, "fileformat", {kind}), "filename")
            names = sorted({PurePosixPath(path).name for path in paths})
            files.require(len(names) == len(paths), "no two files of one name")
            files.copy_files(f"train_{folder}", names, to=f"{part}_{folder}")


def _all_known(files: Workspace, name: str, key: str, known: set[str]) -> Records:
    """Return records, each of which has to be of one part or of the other."""
    records = _read(files, name)
    files.require(all(record[key] in known for record in records), f"a part for each {name}")
    return records


def _read(files: Workspace, name: str) -> Records:
    records: Records = json.loads(files.raw(f"train_data/{name}.json").read_bytes())
    return records


def _write(files: Workspace, part: str, name: str, records: Records) -> None:
    write_json(files.public / f"{part}_data" / f"{name}.json", records)


def _chosen(records: Records, key: str, wanted: set[str]) -> Records:
    return [record for record in records if record[key] in wanted]


def _values(records: Records, key: str) -> set[str]:
    return {record[key] for record in records}


def _with_confidence(files: Workspace, text: object) -> str:
    """Put a confidence of 1 before each object."""
    tokens = text.split(" ") if isinstance(text, str) else []
    files.require(len(tokens) % TOKENS == 0, f"{TOKENS} tokens for each object")
    starts = range(0, len(tokens), TOKENS)
    return " ".join(" ".join(["1.0", *tokens[at : at + TOKENS]]) for at in starts)
