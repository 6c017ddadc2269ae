"""Raw data of competitions with questions, answers and notebooks."""

from __future__ import annotations

import json

from mlegrade.competitions.google_quest_challenge.grader import TARGETS
from mlegrade.competitions.jigsaw_toxic_comment_classification_challenge.grader import KINDS
from mlegrade.competitions.jigsaw_unintended_bias_in_toxicity_classification.grader import (
    IDENTITIES,
)
from mlegrade.competitions.lmsys_chatbot_arena.grader import OUTCOMES
from raw.making import (
    Raw,
    Tables,
    choice,
    drawn,
    each,
    floats,
    hexes,
    ids,
    table,
    text,
    whole,
)

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
        seed=None,
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
                80,
                Id=ids(),
                Title=drawn(lambda _, at: f"How to {at % 43}?"),  # many ask the same
                Body=choice(
                    "I wonder.\n\nWhy?", 'It <code>"fails"</code>, badly\r\n', None, "déjà"
                ),
                Tags=choice("c# java", "php", "null r"),
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
                    "question_title": choice("How?", "Why?", "When?"),  # many have two answers
                    **dict.fromkeys(("question_body", "answer"), choice("So, so.", "I wonder")),
                    **dict.fromkeys(TARGETS, floats(0, 1)),
                },
            )
        },
        labels={"train.csv": TARGETS},
        unit="qa_id",
        test=7,
        train_in="public/train.csv",
    ),
    "jigsaw-toxic-comment-classification-challenge": Raw(
        {
            "train.csv": table(
                30, {"id": hexes(16), "comment_text": text(), **dict.fromkeys(KINDS, choice(0, 1))}
            ),
            "test.csv": table(40, id=ids("{:016x}", 0xA << 60), comment_text=text()),
            "test_labels.csv": table(
                40,
                {"id": ids("{:016x}", 0xA << 60), **dict.fromkeys(KINDS, choice(0, 1))},
            ),
            "sample_submission.csv": table(
                40, {"id": ids("{:016x}", 0xA << 60), **dict.fromkeys(KINDS, choice(0.5))}
            ),
        },
        pack={
            f"{name}.csv.zip": f"{name}.csv"
            for name in ("train", "test", "test_labels", "sample_submission")
        },
        labels={"test_labels.csv": KINDS},
        unit="id",
        seed=None,
        test=40,
    ),
    "jigsaw-unintended-bias-in-toxicity-classification": Raw(
        {
            "train.csv": table(20, id=ids(start=59_848), target=floats(), comment_text=text()),
            "test_private_expanded.csv": table(
                200,
                {
                    "id": ids(start=7_097_320),
                    "comment_text": text(),
                    "toxicity": floats(),
                    **dict.fromkeys(IDENTITIES, choice(None, 0.0, 1.0)),
                },
            ),
        },
        labels={"test_private_expanded.csv": ("toxicity",)},
        unit="id",
        seed=None,
        test=200,
        train_in="public/train.csv",
    ),
    "kuzushiji-recognition": Raw(
        {
            "train.csv": table(
                30,
                image_id=ids("100241706_{:05d}_2"),
                labels=choice("U+306F 10 20 30 40 U+304C 50 60 70 80", "U+306F 3 4 5 6"),
            ),
            "unicode_translation.csv": table(2, Unicode=choice("U+306F", "U+304C")),
        },
        each("train.csv", "train_images/{image_id}.jpg", unit="image_id"),
        pack={"train_images.zip": "train_images"},
        labels={"train.csv": ("labels",)},
        unit="image_id",
        test=3,
        train_in="public/train.csv",
        perfect="private/gold_submission.csv",
    ),
    "learning-agency-lab-automated-essay-scoring-2": Raw(
        {"train.csv": table(64, essay_id=hexes(7), full_text=text(9), score=choice(*range(1, 7)))},
        labels={"train.csv": ("score",)},
        unit="essay_id",
        test=7,
        train_in="public/train.csv",
    ),
    "lmsys-chatbot-arena": Raw(
        {
            "train.csv": table(
                60,
                {
                    "id": ids(start=30_192),
                    "model_a": choice("gpt-4", "llama-2"),
                    **dict.fromkeys(("prompt", "response_a", "response_b"), text(5)),
                    **{
                        name: drawn(lambda _, at, place=place: int(at % 3 == place))
                        for place, name in enumerate(OUTCOMES)
                    },
                },
            )
        },
        labels={"train.csv": ("model_a",)},
        unit="id",
        test=6,
        train_in="public/train.csv",
    ),
}
