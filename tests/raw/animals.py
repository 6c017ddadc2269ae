"""Raw data of competitions about animals in the sea."""

from __future__ import annotations

from raw.making import Raw, Tables, choice, drawn, each, hexes, table


def whale(rng, at):
    """Return a whale: some have one image, the others up to many."""
    del rng
    if at % 4 == 0:
        return "new_whale"
    return f"w_{at * 31 % 97:07x}" if at % 4 == 1 else f"w_{at % 9:07x}"


def clips(tables: Tables) -> dict[str, bytes]:
    """Return recordings of four days, the label in their names."""
    return {
        f"train2/{row.clip.split('T')[0]}TRAIN{70 - row.Index}_{row.label}.aif": (
            f"{row.clip}|call".encode()
        )
        for row in tables["~clips"].itertuples()
    }


def clip(rng, at):
    """Return a new name: on each of four days there are ten clips, in order of time."""
    del rng
    day = at % 4
    new = f"Test{(day - 2) * 10 + at // 4}" if day > 1 else "TRAIN"
    return f"200903{28 + day}_{at:02d}1500_{at:03d}s{at % 7}ms_{new}.aif"


def birds(tables: Tables) -> dict[str, bytes]:
    """Return recordings of which every second one has labels; names tell their new numbers."""
    essential, extra = (
        "mlsp_contest_dataset/essential_data",
        "mlsp_contest_dataset/supplemental_data",
    )
    labels = [str(value) for value in tables["~birds"]["labels"]]
    numbers = range(len(labels))
    folds = "".join(f"{at},{at % 2}\n" for at in numbers)
    features = "".join(f"{at},{at}.5,7\n" for at in numbers)
    texts = {
        f"{essential}/CVfolds_2.txt": f"rec_id,fold\n{folds}",
        f"{essential}/rec_id2filename.txt": "rec_id,filename\n"
        + "".join(f"{at},PC1_{at}\n" for at in numbers),
        f"{essential}/rec_labels_test_hidden.txt": "rec_id,[labels]\n"
        + "".join(
            f"{at},?\n" if at % 2 else f"{at},{found}".rstrip(",") + "\n"
            for at, found in enumerate(labels)
        ),
        f"{essential}/species_list.txt": "class_id,code,species\n",
        **{
            f"{extra}/{name}.txt": f"rec_id,[{name}]\n{features}"
            for name in ("histogram_of_segments", "segment_features", "segment_rectangles")
        },
    }
    found = {name: text.encode() for name, text in texts.items()}
    for name in ("segment_clusters", "segment_mosaic"):
        found[f"{extra}/{name}.bmp"] = b"|overview"
    for at in numbers:
        content = f"{at // 2}|picture".encode() if at % 2 == 0 else b"|of no label"
        found[f"{essential}/src_wavs/PC1_{at}.wav"] = content
        found[f"{extra}/spectrograms/PC1_{at}.bmp"] = content
    return found


RAWS = {
    "mlsp-2013-birds": Raw(
        {
            "~birds": table(
                60,
                # The first answer of a recording, which gets another number.
                Id=drawn(lambda _, at: -1 if at % 2 else at // 2 * 100),
                labels=choice("", "3", "0,18", "7"),
            )
        },
        birds,
        pack={"mlsp_contest_dataset.zip": "mlsp_contest_dataset"},
        labels={"~birds": ("labels",)},
        unit="Id",
        shared=("essential_data/", "supplemental_data/"),
        seed=None,
        test=6 * 19,
    ),
    "the-icml-2013-whale-challenge-right-whale-redux": Raw(
        {"~clips": table(40, clip=drawn(clip), label=choice(0, 1, 1))},
        clips,
        pack={"train2.zip": "train2"},
        labels={"~clips": ("label",)},
        unit="clip",
        seed=None,
        test=20,
    ),
    "whale-categorization-playground": Raw(
        {"train.csv": table(90, Image=hexes(8, ".jpg"), Id=drawn(whale))},
        each("train.csv", "train/{Image}", unit="Image"),
        # The split looks at the labels: other ones are another split. For test are one fluke of
        # each of the 10 whales with several, 5 of the 49 further ones and, by lot, 2 of 21 single.
        unit="Image",
        seed=None,
        test=17,
        train_in="public/train.csv",
    ),
}
