"""Raw data of competitions with rows in time, and with many rows."""

from __future__ import annotations

from raw.making import (
    Raw,
    Tables,
    choice,
    drawn,
    each,
    floats,
    hexes,
    ids,
    of,
    others,
    table,
    text,
    together,
    whole,
)

STEPS = 8
ENZYMES = ("EC1", "EC2", "EC3", "EC4", "EC5", "EC6")


def play(at: int) -> str:
    return f"{58_000 + at // 3 * 7 % 31}_{at // 3:06d}"


PLAY = drawn(lambda _, at: play(at))
SCORED, LENGTH = 4, 6


def values(count):
    """Return a column with lists of numbers."""
    return drawn(
        lambda rng, _: [round(float(x), 4) for x in rng.uniform(-1, 2, count)],
        lambda value: [round(x + 0.5, 4) for x in value],
    )


MOLECULE = {
    "index": ids(),
    "id": ids("id_{:09x}"),
    "sequence": of(lambda _: "GGAAAC"[:LENGTH]),
}
SIZES = {"seq_length": choice(LENGTH), "seq_scored": choice(SCORED)}
TARGETS = ("reactivity", "deg_Mg_pH10", "deg_pH10", "deg_Mg_50C", "deg_50C")
GEOMETRY = {
    "spacegroup": choice(33, 194),
    "lattice_vector_1_ang": floats(5, 25),
}
ENERGIES = {"formation_energy_ev_natom": floats(0, 1), "bandgap_energy_ev": floats(0, 5)}


def words_of(rng, at):
    """Return the kind of a recording, the folder it lies in."""
    del rng
    return ("yes", "no", "_background_noise_")[at % 3]


def tracks(tables: Tables) -> dict[str, bytes]:
    """Return what was recorded on drives of fourteen days, with two telephones each."""
    found = {}
    header = "MessageType,LatitudeDegrees,LongitudeDegrees,UnixTimeMillis\n"
    for trip, latitude in tables["~trips"].itertuples(index=False):
        drive, _, phone = trip.rpartition("-")
        place = f"train/{drive}/{phone}"
        rows = "".join(f"Fix,{latitude + at},-122.5,{at}00\n" for at in range(3))
        found[f"{place}/ground_truth.csv"] = (header + rows).encode()
        found[f"{place}/device_gnss.csv"] = f"{trip}|gnss".encode()
        found[f"{place}/supplemental/span_log.nmea"] = f"{trip}|{latitude}".encode()
    return found


def trip(rng, at):
    del rng
    return f"2021-4-{1 + at // 2}-US-MTV-{at // 2 % 3}-{('GooglePixel4', 'SamsungS20')[at % 2]}"


RAWS = {
    "movie-review-sentiment-analysis-kernels-only": Raw(
        {
            "train.tsv": table(
                41,
                PhraseId=ids("{}", 1),
                SentenceId=whole(1, 9),
                Phrase=text(3),
                Sentiment=choice(0, 1, 2, 3, 4),
            )
        },
        pack={"train.tsv.zip": "train.tsv"},
        labels={"train.tsv": ("Sentiment",)},
        unit="PhraseId",
        test=13,
    ),
    "nfl-player-contact-detection": Raw(
        {
            "train_labels.csv": table(
                90,
                contact_id=drawn(lambda _, at: f"{play(at)}_{at}_40111_G"),
                game_play=PLAY,
                step=ids(),
                contact=choice(0, 1),
            ),
            "train_baseline_helmets.csv": table(90, game_play=PLAY, left=floats(0, 99, 3)),
            "train_player_tracking.csv": table(90, game_play=PLAY, speed=floats(0, 9, 2)),
            "train_video_metadata.csv": table(
                30,
                game_play=drawn(lambda _, at: f"{58_000 + at * 7 % 31}_{at:06d}"),
                view=choice("Endzone"),
            ),
        },
        each(
            "train_video_metadata.csv",
            *(f"train/{{game_play}}_{view}.mp4" for view in ("All29", "Endzone", "Sideline")),
            unit="game_play",
        ),
        labels={"train_labels.csv": ("contact",)},
        order=("file", "file"),
        unit="game_play",
        test=3,
        train_in="public/train_labels.csv",
    ),
    "nomad2018-predict-transparent-conductors": Raw(
        {
            "train.csv": table(51, {"id": ids("{}", 1), **GEOMETRY, **ENERGIES}),
            "test.csv": table(3, {"id": ids("{}", 1), **GEOMETRY}),
        },
        each("train.csv", "train/{id}/geometry.xyz", unit="lattice_vector_1_ang"),
        pack={"train.zip": "train", "train.csv.zip": "train.csv", "test.csv.zip": "test.csv"},
        labels={"train.csv": tuple(ENERGIES)},
        unit="lattice_vector_1_ang",
        test=6,
        train_in="public/train.csv",
    ),
    "playground-series-s3e18": Raw(
        {
            "train.csv": table(
                64,
                {
                    "id": ids(),
                    "BertzCT": floats(0, 900, 12),
                    **dict.fromkeys(ENZYMES, choice(0, 1)),
                },
            )
        },
        labels={"train.csv": ENZYMES},
        unit="id",
        test=7,
        train_in="public/train.csv",
    ),
    "predict-volcanic-eruptions-ingv-oe": Raw(
        {
            "train.csv": table(
                47, segment_id=ids("{}", 1_136_037_770), time_to_eruption=whole(10_000, 900_000)
            )
        },
        each("train.csv", "train/{segment_id}.csv", unit="segment_id"),
        labels={"train.csv": ("time_to_eruption",)},
        unit="segment_id",
        test=5,
        train_in="public/train.csv",
    ),
    "seti-breakthrough-listen": Raw(
        {"train_labels.csv": table(74, id=hexes(15), target=choice(0, 1))},
        together(
            lambda tables: {
                f"train/{name[0]}/{name}.npy": f"{name}|spectrogram".encode()
                for name in tables["train_labels.csv"]["id"]
            },
            others("old_leaky_data/test_labels_old.csv", "old_leaky_data/train_old/0/0a.npy"),
        ),
        labels={"train_labels.csv": ("target",)},
        unit="id",
        test=8,
        train_in="public/train_labels.csv",
    ),
    "smartphone-decimeter-2022": Raw(
        {
            "metadata/constellation_type_mapping.csv": table(2, constellationType=ids()),
            "~trips": table(28, tripId=drawn(trip), latitude=floats(30, 40, 15)),
        },
        tracks,
        labels={"~trips": ("latitude",)},
        leaks=True,
        unit="tripId",
        seed=None,
        test=4,
    ),
    "stanford-covid-vaccine": Raw(
        {
            "train.json": table(
                53,
                {
                    **MOLECULE,
                    "SN_filter": choice(1.0, 0.0, 1.0),
                    **SIZES,
                    **dict.fromkeys(TARGETS, values(SCORED)),
                },
            ),
            "test.json": table(4, {**MOLECULE, **SIZES}),
        },
        unit="id",
        labels={"train.json": TARGETS},
        seed=None,
        test=5,
        test_in="public/test.json",
        train_in="public/train.json",
        json_lines=True,
    ),
    "statoil-iceberg-classifier-challenge": Raw(
        {
            "train.json": table(
                32, id=hexes(8), band_1=values(3), inc_angle=floats(30, 45), is_iceberg=choice(0, 1)
            ),
            "test.json": table(3, id=hexes(8), band_1=values(3), inc_angle=floats(30, 45)),
        },
        pack={"train.json.7z": "train.json", "test.json.7z": "test.json"},
        labels={"train.json": ("is_iceberg",)},
        unit="id",
        test=7,
    ),
    "tabular-playground-series-dec-2021": Raw(
        {
            "train.csv": table(
                88, Id=ids(), Elevation=whole(1800, 3900), Cover_Type=choice(1, 2, 3, 5)
            )
        },
        labels={"train.csv": ("Cover_Type",)},
        unit="Id",
        test=9,
        train_in="public/train.csv",
    ),
    "tabular-playground-series-may-2022": Raw(
        {
            "train.csv": table(
                60, id=ids(), f_00=floats(-3, 3, 15), f_27=hexes(10), target=choice(0, 1)
            )
        },
        labels={"train.csv": ("target",)},
        unit="f_27",
        test=7,
        train_in="public/train.csv",
        perfect="private/gold_submission.csv",
        constants={"TEST_ROWS": 7},
    ),
    "tensorflow-speech-recognition-challenge": Raw(
        {"~recordings": table(57, name=hexes(8, "_nohash_0.wav"), label=drawn(words_of))},
        each("~recordings", "train/audio/{label}/{name}", unit="name"),
        pack={"train.7z": "train"},
        unit="name",
        shared=("test", "train"),  # under new names
        test_in="private/test.csv:fname",
        seed=None,
        test=6,
    ),
    "ventilator-pressure-prediction": Raw(
        {
            "train.csv": table(
                31 * STEPS,
                id=ids("{}", 1),
                breath_id=drawn(lambda _, at: 900 - at // STEPS * 3),
                R=choice(5, 20, 50),
                C=choice(10, 20, 50),
                time_step=floats(0, 2, 16),
                u_in=floats(0, 99, 14),
                u_out=choice(0, 1),
                pressure=floats(3, 40, 14),
            )
        },
        labels={"train.csv": ("pressure",)},
        unit="breath_id",
        by_name=True,
        test=4,
        train_in="public/train.csv",
    ),
}
