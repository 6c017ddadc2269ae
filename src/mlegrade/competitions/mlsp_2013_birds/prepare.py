"""MLSP 2013 Birds: a fifth of the labelled recordings becomes the test set."""

import io

import pandas as pd

from mlegrade.prepare import Folder, Workspace, write_csv

ESSENTIAL, SUPPLEMENTAL = "essential_data", "supplemental_data"
SPECIES = 19
PICTURES = (
    "spectrograms",
    "filtered_spectrograms",
    "supervised_segmentation",
    "segmentation_examples",
)
OVERVIEWS = ("segment_clusters.bmp", "segment_mosaic.bmp")
FEATURES = ("histogram_of_segments.txt", "segment_features.txt", "segment_rectangles.txt")
FEATURES_HEADER = "rec_id,[histogram of segment features]"


def prepare(files: Workspace) -> None:
    """Make public and private data; recordings are numbered anew, without those of no label."""
    raw = files.folder("mlsp_contest_dataset")
    folds = pd.read_csv(io.StringIO("\n".join(_lines(raw, f"{ESSENTIAL}/CVfolds_2.txt"))))
    folds = folds[folds["fold"] == 0].reset_index(drop=True)
    chosen = folds.sample(frac=0.2, random_state=0).index
    new = {str(old): at for at, old in enumerate(folds["rec_id"])}
    folds = pd.DataFrame({"rec_id": range(len(folds)), "fold": folds.index.isin(chosen)})
    test = folds.index[folds["fold"]]

    hidden, answers = ["rec_id,[labels]"], []
    for recording, labels in _rows(raw, f"{ESSENTIAL}/rec_labels_test_hidden.txt", new):
        if recording in test:
            present = {label.strip() for label in labels.split(",")}
            answers += [(recording * 100 + at, int(str(at) in present)) for at in range(SPECIES)]
        hidden.append(_line(recording, "?" if recording in test else labels))
    guesses = [(recording * 100 + at, 0) for recording in test for at in range(SPECIES)]
    columns = ["Id", "Probability"]
    write_csv(files.private / "answers.csv", pd.DataFrame(answers, columns=columns))
    write_csv(files.public / "sample_submission.csv", pd.DataFrame(guesses, columns=columns))

    folds["fold"] = folds["fold"].astype(int)
    write_csv(files.public / ESSENTIAL / "CVfolds_2.txt", folds)
    names = dict(_rows(raw, f"{ESSENTIAL}/rec_id2filename.txt", new))
    _write(files, f"{ESSENTIAL}/rec_labels_test_hidden.txt", hidden)
    lines = [_line(recording, name) for recording, name in names.items()]
    _write(files, f"{ESSENTIAL}/rec_id2filename.txt", ["rec_id,filename", *lines])
    (files.public / SUPPLEMENTAL).mkdir()
    for file in FEATURES:
        rows = _rows(raw, f"{SUPPLEMENTAL}/{file}", new)
        lines = [_line(recording, rest) for recording, rest in rows]
        own = _lines(raw, f"{SUPPLEMENTAL}/{file}")[0]
        _write(files, f"{SUPPLEMENTAL}/{file}", [own if files.fixes else FEATURES_HEADER, *lines])
    _copy(files, raw, list(names.values()))


def _copy(files: Workspace, raw: Folder, names: list[str]) -> None:
    """Copy recordings and pictures; of segmentations there are examples only."""
    there = set(raw.names())
    paths = [f"{ESSENTIAL}/species_list.txt", *(f"{SUPPLEMENTAL}/{name}" for name in OVERVIEWS)]
    paths += [f"{ESSENTIAL}/src_wavs/{name}.wav" for name in names]
    pictures = [f"{SUPPLEMENTAL}/{kind}/{name}.bmp" for kind in PICTURES for name in names]
    files.copy_files(raw, [*paths, *(path for path in pictures if path in there)], to="")


def _lines(raw: Folder, path: str) -> list[str]:
    with raw.open(path) as content:
        return content.read().decode().splitlines()


def _rows(raw: Folder, path: str, new: dict[str, int]) -> list[tuple[int, str]]:
    """Return the new number and the rest of each line of a recording that stays."""
    lines = (line.partition(",") for line in _lines(raw, path)[1:])
    return [(new[old.strip()], rest) for old, _, rest in lines if old.strip() in new]


def _line(recording: int, rest: str) -> str:
    return f"{recording},{rest}" if rest else str(recording)


def _write(files: Workspace, path: str, lines: list[str]) -> None:
    (files.public / path).write_text("".join(f"{line}\n" for line in lines), newline="\n")
