"""Raw data of competitions with questions, answers and notebooks."""

from __future__ import annotations

import json

from mlegrade.competitions.google_quest_challenge.grader import TARGETS
from raw.making import Raw, Tables, choice, drawn, floats, hexes, ids, table, text, whole

CELLS = [f"{number:08x}" for number in range(0xA0, 0xA6)]


def shuffled(value: str) -> str:
    first, *rest = value.split()
    return " ".join([*rest, first])


def notebooks(tables: Tables) -> dict[str, bytes]:
    """The notebooks' files, whose contents begin like those of `each`."""
    return {
        f"train/{name}.json": json.dumps({"cell_type": dict.fromkeys(CELLS, "code")}).encode()
        for name in tables["train_orders.csv"]["id"]
    }


RAWS = {
    "AI4Code": Raw(
        {
            "train_ancestors.csv": table(
                60,
                id=ids("{:014x}", 0xA0000),
                ancestor_id=drawn(lambda _, at: f"{at // 3:08x}"),
                parent_id=choice(None),
            ),
            "train_orders.csv": table(
                60,
                id=ids("{:014x}", 0xA0000),
                cell_order=drawn(lambda rng, _: " ".join(rng.permutation(CELLS)), shuffled),
            ),
        },
        notebooks,
        labels={"train_orders.csv": ("cell_order",)},
        unit="id",
        test=9,
        train_in="public/train_orders.csv",
        constants={"TEST": 9},
    ),
    "chaii-hindi-and-tamil-question-answering": Raw(
        {
            "train.csv": table(
                55,
                id=hexes(9),
                context=text(20),
                question=text(4),
                answer_text=text(2),
                answer_start=whole(0, 9),
                language=choice("hindi", "tamil"),
            )
        },
        labels={"train.csv": ("answer_text", "answer_start")},
        unit="id",
        test=6,
        train_in="public/train.csv",
    ),
    "facebook-recruiting-iii-keyword-extraction": Raw(
        {
            "Train.csv": table(
                80, Id=ids(), Title=text(3), Body=text(9), Tags=choice("c# java", "php", "null r")
            )
        },
        pack={"Train.zip": "Train.csv"},
        labels={"Train.csv": ("Tags",)},
        unit="Id",
        test=8,
        train_in="public/train.csv",
    ),
    "google-quest-challenge": Raw(
        {
            "train.csv": table(
                70,
                {
                    "qa_id": ids(),
                    **dict.fromkeys(("question_title", "question_body", "answer"), text(5)),
                    **dict.fromkeys(TARGETS, floats(0, 1)),
                },
            )
        },
        labels={"train.csv": TARGETS},
        unit="qa_id",
        test=7,
        train_in="public/train.csv",
    ),
}
