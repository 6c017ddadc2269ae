"""Raw data of competitions with masks."""

from __future__ import annotations

import struct

from raw.making import Raw, Tables, choice, drawn, each, of, table, together, whole

ORGANS = "large_bowel", "small_bowel", "stomach"
PER_DAY = 2  # slices
DAYS = 6
SALT = drawn(lambda _, at: f"a{at * 31 % 50:09x}")
EVERY = len(ORGANS) * PER_DAY


def run(rng, at):
    return f"{rng.integers(1, 40)} {rng.integers(1, 9)}" if at % 3 else None


def other_run(value):
    return "7 3" if value != "7 3" else "8 3"


def slice_id(rng, at):
    """Return the id of a slice of cases with six days, named so that text sorts them wrongly."""
    del rng
    case, day = at // (EVERY * DAYS), (18, 0, 20, 2, 31, 7)[at // EVERY % DAYS]
    return f"case{case + 2}_day{day}_slice_{at // len(ORGANS) % PER_DAY + 1:04d}"


def slices(tables: Tables) -> dict[str, bytes]:
    return {
        f"train/{case}/{case}_{day}/scans/slice_{number}_12_10_1.50_1.50.png": (
            f"{case}_{day}_slice_{number}|image".encode()
        )
        for case, day, _, number in (name.split("_") for name in tables["train.csv"]["id"])
    }


def salt(tables: Tables) -> dict[str, bytes]:
    rows = tables["competition_data/train.csv"].fillna("").itertuples()
    return {
        f"competition_data/train/masks/{row.id}.png": f"|mask {row.rle_mask}".encode()
        for row in rows
    }


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


def fragments(tables: Tables) -> dict[str, bytes]:
    del tables
    found = {}
    for fragment, name in (("1", "1"), ("2", "2"), ("3", "a")):
        for at in range(3):
            found[f"train/{fragment}/surface_volume/{at:02d}.tif"] = f"{name}|{at}".encode()
        found[f"train/{fragment}/mask.png"] = f"{name}|mask".encode()
        found[f"train/{fragment}/ir.png"] = png(11, 9)
        found[f"train/{fragment}/inklabels.png"] = f"|ink of {name}".encode()
    return found


RAWS = {
    "tgs-salt-identification-challenge": Raw(
        {
            "competition_data/train.csv": table(42, id=SALT, rle_mask=drawn(run, other_run)),
            "depths.csv": table(50, id=SALT, z=whole(50, 900)),
        },
        together(
            each("competition_data/train.csv", "competition_data/train/images/{id}.png", unit="id"),
            salt,
        ),
        pack={"competition_data.zip": "competition_data"},
        labels={"competition_data/train.csv": ("rle_mask",)},
        order=("sorted", "sorted"),
        unit="id",
        test=11,
        train_in="public/train.csv",
    ),
    "uw-madison-gi-tract-image-segmentation": Raw(
        {
            "train.csv": table(
                13 * DAYS * EVERY,
                {
                    "id": drawn(slice_id),
                    "class": drawn(lambda _, at: ORGANS[at % len(ORGANS)]),
                    "segmentation": drawn(run, other_run),
                },
            )
        },
        slices,
        labels={"train.csv": ("segmentation",)},
        unit="id",
        # Two cases as a whole, and of eleven the last two days of six.
        seed=None,
        test=(2 * DAYS + 11 * 2) * PER_DAY,
        train_in="public/train.csv",
    ),
    "vesuvius-challenge-ink-detection": Raw(
        {
            f"train/{fragment}/inklabels_rle.csv": table(
                1, Id=choice(fragment), Predicted=of(lambda _: "3 4 22 5", other_run)
            )
            for fragment in (1, 2, 3)
        },
        fragments,
        labels={"train/3/inklabels_rle.csv": ("Predicted",)},
        unit="fragment",
        seed=None,
        test=1,
        test_in="private/inklabels_rle.csv:Id",
        perfect="private/gold_submission.csv",
        constants={"SLICES": 3},
    ),
}
