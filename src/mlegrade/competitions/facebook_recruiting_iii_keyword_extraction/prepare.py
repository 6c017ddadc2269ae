"""Facebook Recruiting III: one tenth of the questions becomes the test set."""

from mlegrade.prepare import Workspace, split, write_csv

SAMPLE = "javascript c# python php java"


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("Train.csv", dtype={"Id": str, "Tags": str}), 0.1)
    if files.fixes:
        question = ["Title", "Body"]
        known = test[question].drop_duplicates().assign(known=True)
        train = train.loc[train.merge(known, how="left", on=question)["known"].isna().to_numpy()]
    write_csv(files.private / "test.csv", test)
    write_csv(files.public / "sample_submission.csv", test.assign(Tags=SAMPLE))
    if files.answers_only:
        return
    write_csv(files.public / "train.csv", train)
    write_csv(files.public / "test.csv", test.drop(columns="Tags"))
