"""Raw data of competitions about animals in the sea."""

from __future__ import annotations

from raw.making import Raw, Tables, drawn, each, hexes, table


def whale(rng, at):
    """Return a whale: some have one image, the others up to many."""
    del rng
    if at % 4 == 0:
        return "new_whale"
    return f"w_{at:07x}" if at % 4 == 1 else f"w_{at % 9:07x}"


def clips(tables: Tables) -> dict[str, bytes]:
    """Return recordings of four days; those of the last two know their new names."""
    found = {}
    names = sorted(tables["~clips"]["name"])
    later = sorted(name for name in names if name[:8] >= "20090330")
    for name in names:
        unit = f"{name.split('TRAIN')[0]}Test{later.index(name)}.aif" if name in later else name
        found[f"train2/{name}"] = f"{unit}|call".encode()
    return found


def clip(rng, at):
    day = 28 + at % 4
    return f"200903{day}_{at:02d}1500_{at:03d}s{at % 7}ms_TRAIN{70 - at}_{int(rng.integers(2))}.aif"


RAWS = {
    "the-icml-2013-whale-challenge-right-whale-redux": Raw(
        {"~clips": table(40, name=drawn(clip))},
        clips,
        pack={"train2.zip": "train2"},
        unit="clip",
        test=20,
    ),
    "whale-categorization-playground": Raw(
        {"train.csv": table(90, Image=hexes(8, ".jpg"), Id=drawn(whale))},
        each("train.csv", "train/{Image}", unit="Image"),
        # The split looks at the labels: other ones are another split. For test are one fluke of
        # each of the 10 whales with several, 5 of the 49 further ones and, by lot, 2 of 21 single.
        unit="Image",
        test=17,
        train_in="public/train.csv",
    ),
}
