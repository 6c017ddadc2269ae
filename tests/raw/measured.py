"""Raw data of competitions with measurements, molecules, events and masks."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np

from mlegrade.competitions.leaf_classification.grader import SPECIES
from raw.making import (
    Raw,
    Tables,
    choice,
    drawn,
    each,
    floats,
    ids,
    others,
    table,
    together,
    whole,
)
from raw.records import npy, png

if TYPE_CHECKING:
    from raw.making import Table

ATOMS = 3
BANDS = [f"band_{number:02d}" for number in range(8, 17)]


MOLECULE = drawn(lambda _, at: f"dsgdb9nsd_{at // ATOMS:06d}")
ATOM = drawn(lambda _, at: at % ATOMS)
SHARE = choice(0.0, 0.2, 0.4)  # of the pixels that are contrails


def atoms(**columns: object) -> Table:
    """A table with some rows for each molecule."""
    return table(40 * ATOMS, {"molecule_name": MOLECULE, "atom_index": ATOM, **columns})


def pages(tables: Tables) -> dict[str, bytes]:
    """Dirty pages, whose files are not looked at, and clean ones, which are."""
    found = {}
    for number, text in tables["~pages"].itertuples(index=False):
        found[f"train/{number}.png"] = f"{number}|dirty".encode()
        pixels = np.random.default_rng(text).integers(0, 256, (3, 4))
        found[f"train_cleaned/{number}.png"] = png(pixels)
    return found


def contrails(tables: Tables) -> dict[str, bytes]:
    """The records' arrays; the masks of some are empty."""
    found = {}
    for part in ("train", "validation"):
        records = tables[f"~{part}"]
        found[f"{part}_metadata.json"] = json.dumps(
            [{"record_id": str(name), "timestamps": [1, 2.5]} for name in records["record_id"]]
        ).encode()
        for name, share in records.itertuples(index=False):
            mask = np.random.default_rng(name).random((6, 5, 1)) < share
            found[f"{part}/{name}/human_pixel_masks.npy"] = npy(mask.astype(np.int32))
            found |= {f"{part}/{name}/{band}.npy": f"{name}|{band}".encode() for band in BANDS}
            if part == "train":
                found[f"{part}/{name}/human_individual_masks.npy"] = npy(mask[..., None])
    return found


def outlines(tables: Tables) -> dict[str, bytes]:
    """The outlines of what is to be found, slide by slide."""
    rows = tables["train.csv"].itertuples()
    return {f"train/{row.id}.json": f"{row.id}|{row.encoding}".encode() for row in rows}


def events(tables: Tables) -> dict[str, bytes]:
    file = io.BytesIO()
    tables["~meta"].to_parquet(file, index=False)
    return {"train_meta.parquet": file.getvalue()}


def shifted(article: str) -> str:
    return f"{int(article) + 100:010d}"


RAWS = {
    "champs-scalar-coupling": Raw(
        {
            "train.csv": table(
                40 * ATOMS,
                id=ids(),
                molecule_name=MOLECULE,
                atom_index_0=ATOM,
                atom_index_1=whole(0, 2),
                type=choice("1JHC", "2JHH"),
                scalar_coupling_constant=floats(-10, 80),
            ),
            "structures.csv": atoms(atom=choice("C", "H"), x=floats(), y=floats(), z=floats()),
            **{
                f"{name}.csv": atoms(value=floats())
                for name in (
                    "dipole_moments",
                    "magnetic_shielding_tensors",
                    "mulliken_charges",
                    "potential_energy",
                    "scalar_coupling_contributions",
                )
            },
        },
        each("train.csv", "structures/{molecule_name}.xyz", unit="molecule_name"),
        labels={
            "train.csv": ("scalar_coupling_constant",),
            "scalar_coupling_contributions.csv": ("value",),
        },
        unit="molecule_name",
        by_name=True,
        test=4,
        train_in="public/train.csv",
        partly=True,  # the structures of test molecules are not handed out
    ),
    "denoising-dirty-documents": Raw(
        {"~pages": table(20, number=ids(start=3), text=whole(0, 999))},
        pages,
        pack={"train.zip": "train", "train_cleaned.zip": "train_cleaned"},
        labels={"~pages": ("text",)},
        unit="number",
        by_name=True,
        test=4,
        test_in="files:test",
        train_in="files:train",
    ),
    "google-research-identify-contrails-reduce-global-warming": Raw(
        {
            "~train": table(24, record_id=ids(start=1_000_216_489_776_414_077), share=SHARE),
            "~validation": table(5, record_id=ids(start=2_000_216_489_776_414_077), share=SHARE),
        },
        contrails,
        labels={"~train": ("share",)},
        unit="record_id",
        test=5,
        train_in="files:train",
        shared=("validation/",),
    ),
    "h-and-m-personalized-fashion-recommendations": Raw(
        {
            "transactions_train.csv": table(
                120,
                t_dat=drawn(lambda _, at: f"2020-09-{1 + at // 5:02d}"),
                customer_id=drawn(lambda rng, _: f"{rng.integers(20):064x}"),
                article_id=drawn(lambda rng, _: f"0{rng.integers(10**8, 10**8 + 99)}", shifted),
                price=floats(0, 1, 17),
                sales_channel_id=choice(1, 2),
            ),
            "sample_submission.csv": table(
                20,
                customer_id=ids("{:064x}"),
                prediction=choice("0706016001 0706016002"),
            ),
            "articles.csv": table(3, article_id=ids("01087750{:02d}")),
            "customers.csv": table(20, customer_id=ids("{:064x}")),
        },
        others("images/010/0108775015.jpg"),
        labels={"transactions_train.csv": ("article_id",)},
        unit="t_dat",
        seed=None,
        test=8,
        test_in="rest",
        train_in="public/transactions_train.csv",
    ),
    "hubmap-kidney-segmentation": Raw(
        {
            "train.csv": table(
                15, id=ids("{:09x}", 0xA0000000), encoding=choice("3 4", "9 2 20 5")
            ),
            "HuBMAP-20-dataset_information.csv": table(
                20,
                image_file=ids("{:09x}.tiff", 0xA0000000),
                width_pixels=whole(10, 20),
                height_pixels=whole(10, 20),
                age=floats(20, 80, 0),
            ),
        },
        together(
            each("train.csv", "train/{id}.tiff", "train/{id}-anatomical-structure.json", unit="id"),
            outlines,
        ),
        labels={"train.csv": ("encoding",)},
        leaks=True,
        unit="id",
        test=3,
        train_in="public/train.csv",
        perfect="private/gold_submission.csv",
    ),
    "icecube-neutrinos-in-deep-ice": Raw(
        {
            "~meta": table(
                60,
                batch_id=drawn(lambda _, at: 1 + at // 3),
                event_id=ids(start=24),
                azimuth=floats(0, 6.28, 9),
                zenith=floats(0, 3.14, 9),
            ),
            "sensor_geometry.csv": table(5, sensor_id=ids(), x=floats(), y=floats(), z=floats()),
        },
        together(events, each("~meta", "train/batch_{batch_id}.parquet", unit="batch_id")),
        labels={"~meta": ("azimuth", "zenith")},
        unit="batch_id",
        test=2,
        test_in="files:test/",
        train_in="files:train/",
    ),
    "leaf-classification": Raw(
        {
            "train.csv": table(
                120, id=ids(start=1), species=choice(*SPECIES), margin1=floats(0, 1, 9)
            )
        },
        each("train.csv", "images/{id}.jpg", unit="id"),
        pack={"images.zip": "images", "train.csv.zip": "train.csv"},
        labels={"train.csv": ("species",)},
        unit="id",
        test=12,
        train_in="public/train.csv",
        shared=("images/",),
    ),
}
