"""Movie Review Sentiment Analysis: three tenths of the labelled phrases become the test set."""

from mlegrade.prepare import Workspace, split, split_by, write_csv


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    table = files.read_csv("train.tsv", sep="\t", keep_default_na=not files.fixes)
    train, test = split_by(table, "SentenceId", 0.3) if files.fixes else split(table, 0.3)
    sample = test[["PhraseId"]].assign(Sentiment=2)
    write_csv(files.public / "sampleSubmission.csv", sample)
    write_csv(files.private / "answers.csv", test)
    for name, table in (("train.tsv", train), ("test.tsv", test.drop(columns="Sentiment"))):
        write_csv(files.scratch / name, table, sep="\t")
        files.write_zip(f"{name}.zip", files.scratch, [name])
