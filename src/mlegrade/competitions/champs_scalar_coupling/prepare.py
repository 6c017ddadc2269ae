"""CHAMPS: one tenth of the molecules becomes the test set."""

import pandas as pd

from mlegrade.prepare import Workspace, split, write_csv

TARGET = "scalar_coupling_constant"
TABLES = (
    "dipole_moments.csv",
    "magnetic_shielding_tensors.csv",
    "mulliken_charges.csv",
    "potential_energy.csv",
    "scalar_coupling_contributions.csv",
)


def prepare(files: Workspace) -> None:
    """Make public and private data; rows come molecule by molecule, as those were drawn."""
    groups = files.read_csv("train.csv").groupby("molecule_name")
    molecules = {str(name): rows for name, rows in groups}
    train_names, test_names = split(list(molecules), 0.1)
    train, test = (
        pd.concat([molecules[name] for name in names]) for names in (train_names, test_names)
    )
    write_csv(files.private / "answers.csv", test)
    write_csv(files.public / "test.csv", test.drop(columns=TARGET))
    write_csv(files.public / "sample_submission.csv", test[["id"]].assign(**{TARGET: 0}))
    if files.answers_only:
        return
    write_csv(files.public / "train.csv", train)
    for name in (*TABLES, "structures.csv"):
        table = files.read_csv(name)
        everything = files.fixes and name == "structures.csv"
        kept = table["molecule_name"].isin(list(molecules) if everything else train_names)
        write_csv(files.public / name, table[kept])
    shown = list(molecules) if files.fixes else train_names
    files.copy_files("structures", [f"{name}.xyz" for name in shown], to="structures")
