"""Raw data of competitions with texts."""

from __future__ import annotations

from raw.making import WORDS, Raw, choice, drawn, ids, of, table, text, whole


def annotation(rng, at):
    spans = [{"start_token": 3, "end_token": 5}, {"start_token": 8, "end_token": 9}]
    given = at % 3 > 0
    return [
        {
            "yes_no_answer": ["NONE", "YES", "NONE", "NO"][at % 4],
            "long_answer": {
                "start_token": 2 if given else -1,
                "candidate_index": 0 if given else -1,
                "end_token": 20 if given else -1,
            },
            "short_answers": spans[: at % 3],
            "annotation_id": int(rng.integers(2**40)),
        }
    ]


def sentence(rng, at):
    """Return a line; every second one is too short to lose a word, and some repeat others."""
    del rng
    if at % 2:
        return " ".join(WORDS[: 1 + at % 4])
    return f'{WORDS[at % 5]} {WORDS[at % 7]} " {at % 97} déjà vu'


def other_annotation(annotations):
    (first,) = annotations
    return [{**first, "yes_no_answer": "YES" if first["yes_no_answer"] == "NO" else "NO"}]


RAWS = {
    "billion-word-imputation": Raw(
        {"train_v2.txt": table(600, sentence=drawn(sentence))},
        pack={"train_v2.txt.zip": "train_v2.txt"},
        unit="sentence",
        seed=None,
        test=4,  # of seven draws of at most 0.01 one is in vain, and two repeat others
        constants={"LINES": 600},
    ),
    "detecting-insults-in-social-commentary": Raw(
        {
            "train.csv": table(40, Insult=choice(0, 1), Date=ids("201205{}Z", 10), Comment=text(5)),
            "test_with_solutions.csv": table(
                26,
                Insult=choice(0, 1),
                Date=ids("201209{}Z", 10),
                Comment=text(8),
                Usage=choice("PrivateTest"),
            ),
        },
        labels={"test_with_solutions.csv": ("Insult",)},
        unit="Comment",
        seed=None,
        test=26,
        train_in="public/train.csv",
    ),
    "random-acts-of-pizza": Raw(
        {
            "train.json": table(
                60,
                giver_username_if_known=choice("N/A", "somebody"),
                request_id=ids("t3_{:05d}"),
                request_text=text(9),
                requester_number_of_posts_at_request=whole(0, 40),
                requester_received_pizza=choice(True, False),
                requester_user_flair=choice(None, "shroom"),
            ),
            "test.json": table(
                20,
                giver_username_if_known=choice("N/A", "somebody"),
                request_id=ids("t3_x{:05d}"),
                requester_number_of_posts_at_request=whole(0, 40),
            ),
        },
        labels={"train.json": ("requester_received_pizza",)},
        unit="request_id",
        test=15,
        train_in="public/train.json",
    ),
    "spooky-author-identification": Raw(
        {
            "train.csv": table(
                98, id=ids("id{:05d}"), text=text(), author=choice("EAP", "HPL", "MWS")
            )
        },
        pack={"train.zip": "train.csv"},
        labels={"train.csv": ("author",)},
        unit="id",
        test=10,
        train_in="public/train.csv",
    ),
    "tensorflow2-question-answering": Raw(
        {
            "simplified-nq-train.jsonl": table(
                45,
                document_text=text(30),
                long_answer_candidates=drawn(
                    lambda _, at: [{"start_token": 2, "top_level": True, "end_token": 20 + at}]
                ),
                question_text=text(4),
                annotations=drawn(annotation, other_annotation),
                document_url=of(lambda _: "https://en.wikipedia.org//w/index.php"),
                example_id=ids("{}", -9_110_190_923_673_509_457),
            )
        },
        labels={"simplified-nq-train.jsonl": ("annotations",)},
        unit="example_id",
        test=5,
        train_in="public/simplified-nq-train.jsonl",
        test_in="public/simplified-nq-test.jsonl",
        perfect="private/gold_submission.csv",
    ),
}
