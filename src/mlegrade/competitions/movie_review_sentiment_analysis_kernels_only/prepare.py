"""Movie Review Sentiment Analysis: three tenths of the labelled phrases become the test set."""

from mlegrade.prepare import Workspace, split, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    train, test = split(files.read_csv("train.tsv", sep="\t"), 0.3)
    sample = test[["PhraseId"]].assign(Sentiment=2)
    write_csv(files.public / "sampleSubmission.csv", sample)
    write_csv(files.private / "answers.csv", test)
    for name, table in (("train.tsv", train), ("test.tsv", test.drop(columns="Sentiment"))):
        write_csv(files.scratch / name, table, sep="\t")
        files.write_zip(f"{name}.zip", files.scratch, [name])
