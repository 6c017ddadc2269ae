"""Raw data of competitions about single words and short texts."""

from __future__ import annotations

from raw.making import Raw, choice, drawn, hexes, table, text


def token(rng, at):
    return ["NA", "1984", '"', ",", "école", "null", "BBC", "шесть"][int(rng.integers(8))] + "." * (
        at % 2
    )


def normalization(language: str) -> Raw:
    archives = {
        f"{language}_{name}.csv.zip": f"{language}_{name}.csv"
        for name in ("train", "test_2", "sample_submission_2")
    }
    return Raw(
        {
            f"{language}_train.csv": table(
                200,
                {
                    "sentence_id": drawn(lambda _, at: 3 + at // 5),
                    "token_id": drawn(lambda _, at: at % 5),
                    "class": choice("PLAIN", "PUNCT", "DATE"),
                    "before": drawn(token),
                    "after": drawn(token, lambda value: f"{value} after all"),
                },
            ),
            f"{language}_test_2.csv": table(1, sentence_id=choice(0), before=choice("a")),
            f"{language}_sample_submission_2.csv": table(1, id=choice("0_0"), after=choice("a")),
        },
        pack=archives,
        labels={f"{language}_train.csv": ("after", "class")},
        unit="sentence_id",
        renumbered=True,
        test=4,
    )


RAWS = {
    "text-normalization-challenge-english-language": normalization("en"),
    "text-normalization-challenge-russian-language": normalization("ru"),
    "tweet-sentiment-extraction": Raw(
        {
            "train.csv": table(
                62,
                textID=hexes(10),
                text=text(9),
                selected_text=text(2),
                sentiment=choice("negative", "neutral", "positive"),
            )
        },
        labels={"train.csv": ("selected_text",)},
        unit="textID",
        test=7,
        train_in="public/train.csv",
    ),
    "us-patent-phrase-to-phrase-matching": Raw(
        {
            "train.csv": table(
                81,
                id=hexes(16),
                anchor=text(2),
                target=text(2),
                context=choice("A47", "H01"),
                score=choice(0.0, 0.25, 0.5, 0.75, 1.0),
            )
        },
        labels={"train.csv": ("score",)},
        unit="id",
        test=9,
        train_in="public/train.csv",
        sample_valid=False,
    ),
}
