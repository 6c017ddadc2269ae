"""OpenVaccine: a tenth as many molecules as there are, of those that passed the filter."""

import pandas as pd

from mlegrade.prepare import Workspace, write_csv

TARGETS = ["reactivity", "deg_Mg_pH10", "deg_pH10", "deg_Mg_50C", "deg_50C"]
FORM = "%.10f"


def prepare(files: Workspace) -> None:
    """Make public and private data; beyond the measured positions the answers hold zeros."""
    table, unused = (pd.read_json(files.raw(f"{p}.json"), lines=True) for p in ("train", "test"))
    good = table[table["SN_filter"] > 0]
    chosen = good.sample(n=int(0.1 * len(table)), random_state=0).index
    train, test = table.drop(index=chosen), table[table.index.isin(chosen)]
    answers = pd.concat([_positions(files, row) for _, row in test.iterrows()], ignore_index=True)
    sample = answers[["id_seqpos", *TARGETS]].assign(**dict.fromkeys(TARGETS, 0.0))
    write_csv(files.public / "sample_submission.csv", sample, float_format=FORM)
    write_csv(files.private / "test.csv", answers, float_format=FORM)
    for name, part in (("train", train), ("test", test[list(unused.columns)])):
        numbered = part.assign(index=range(len(part)))
        numbered.to_json(files.public / f"{name}.json", orient="records", lines=True)


def _positions(files: Workspace, row: pd.Series) -> pd.DataFrame:
    """Return a molecule's answers, a row for each position."""
    length, scored = row["seq_length"], row["seq_scored"]
    lists = {name: row[name] for name in TARGETS}
    files.require(all(len(values) == scored for values in lists.values()), "a value a position")
    rest = length - scored
    return pd.DataFrame(
        {
            "id_seqpos": [f"{row['id']}_{at}" for at in range(length)],
            **{name: [*values, *[0.0] * rest] for name, values in lists.items()},
            "keep": [True] * scored + [False] * rest,
        }
    )
