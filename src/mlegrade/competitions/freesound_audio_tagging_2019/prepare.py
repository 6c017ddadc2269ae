"""Freesound Audio Tagging 2019: Kaggle's own split, whose test labels were published elsewhere."""

import pandas as pd

from mlegrade.competitions.freesound_audio_tagging_2019.grader import SOUNDS
from mlegrade.prepare import Workspace, write_csv

META = "FSDKaggle2019.meta"
URL = f"https://zenodo.org/records/3612637/files/{META}.zip?download=1"
CURATED = "train_curated.csv"
RECORDINGS = ("train_curated", "train_noisy", "test")
WRONG = {
    *("f76181c4.wav", "77b925c2.wav", "6a1f682a.wav", "c7db12aa.wav", "7752cc8a.wav"),
    "1d44b0bd.wav",  # silent
}


def prepare(files: Workspace) -> None:
    """Make public and private data; the public side is the download as it is."""
    files.fetch(f"{META}.zip", URL)
    labels = files.read_csv(f"{META}/test_post_competition.csv")
    labels = labels[labels["usage"] == "Private"]
    told = [set(cell.split(",")) for cell in labels["labels"]]
    answers = pd.DataFrame({sound: [int(sound in cell) for cell in told] for sound in SOUNDS})
    answers.insert(0, "fname", labels["fname"].to_numpy())
    sample = files.read_csv("sample_submission.csv")
    files.require(list(sample) == list(answers), "the columns of the sample submission")
    files.require(set(sample["fname"]) == set(answers["fname"]), "labels of all test clips")
    files.require(len(sample) == len(answers), "labels of all test clips, each once")
    write_csv(files.private / "test.csv", answers)
    if files.answers_only:
        write_csv(files.public / "sample_submission.csv", sample)
        return
    for name in RECORDINGS:
        files.folder(name)  # is missed here, if at all
    names = [name for name in files.everything().names() if META not in name]
    if files.fixes:
        names = [name for name in names if not name.endswith(tuple(WRONG))]
        if "train_curated.zip" in names:
            names.remove("train_curated.zip")
            clips = files.folder("train_curated").names()
            right = [clip for clip in clips if clip not in WRONG]
            files.write_zip("train_curated.zip", "train_curated", right)
    files.copy_files(files.everything(), names, to="")
    if files.fixes:
        curated = files.read_csv(CURATED)
        write_csv(files.public / CURATED, curated[~curated["fname"].isin(WRONG)])
