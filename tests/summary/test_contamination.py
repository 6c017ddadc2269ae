"""Familiarity, copied code, broken rules."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mlegrade.errors import PrerequisiteError, ReportsError
from mlegrade.summary import (
    RULES,
    Facts,
    Finding,
    JudgeError,
    arrange,
    check_rules,
    endpoint_judge,
    familiarity,
    find_copies,
    performance,
    read_log_probabilities,
    read_texts,
    token_probability,
)
from summary.reports import LITE, grid, run, write

if TYPE_CHECKING:
    from pathlib import Path

    from endpoint import Script

# Familiarity


def test_a_tokens_probability_is_averaged_over_tokens_then_documents() -> None:
    documents = [[math.log(0.5), math.log(1.0)], [math.log(0.25)]]
    assert token_probability(documents) == pytest.approx((0.75 + 0.25) / 2)


def test_documents_are_read_by_competition(tmp_path: Path) -> None:
    lines = [
        {"competition_id": LITE[0], "token_logprobs": [None, -1.0]},
        {"competition_id": LITE[0], "token_logprobs": [0]},
        {"competition_id": LITE[1], "token_logprobs": [-2.0]},
    ]
    path = write(tmp_path / "documents.jsonl", lines)
    assert read_log_probabilities(path) == {LITE[0]: [[-1.0], [0.0]], LITE[1]: [[-2.0]]}


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"competition_id": "a", "token_logprobs": [0.5]}',
             '{"competition_id": "a", "token_logprobs": [null]}',
             '{"competition_id": "a", "token_logprobs": [NaN]}']
)  # fmt: skip
def test_a_broken_document_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(ReportsError, match=r"documents\.jsonl, line 2"):
        read_log_probabilities(path)


def test_performance_is_the_way_from_the_sample_to_gold() -> None:
    found = grid("gi", "vv", "gg")
    gold = [found.report(name, "1").gold_threshold for name in LITE[:3]]  # type: ignore[union-attr]
    samples = {LITE[0]: gold[0] - 0.25, LITE[1]: -1.0, LITE[2]: gold[2]}
    shares = performance(found, samples)
    # The second is as bad as the sample; from the third's sample there is no way to gold.
    assert shares == pytest.approx({LITE[0]: 0.5, LITE[1]: 0.0})


def test_runs_that_all_failed_are_worth_the_sample() -> None:
    found = arrange([run(LITE[0], "1", "i", gold_threshold=None)])
    assert performance(found, {LITE[0]: 0.1}) == {LITE[0]: 0.0}
    unknown = replace(found, facts={LITE[0]: Facts(LITE[0])})
    assert performance(unknown, {LITE[0]: 0.1}) == {}


def test_a_score_without_bounds_has_no_way_to_gold() -> None:
    champs = "champs-scalar-coupling"
    found = arrange([run(champs, "1", "g", score="-inf")])
    assert performance(found, {champs: 1.0}) == {}


def test_familiarity_against_performance() -> None:
    names = LITE[:6]
    found = arrange([run(name, "1", "g" if at % 2 else "v") for at, name in enumerate(names)])
    documents = {name: [[-1.0 / (at + 1)]] for at, name in enumerate(names)}
    samples = {}
    for name in names:
        report = found.report(name, "1")
        assert report is not None
        samples[name] = -1.0 if not report.is_lower_better else 1e9
    result = familiarity(found, documents, samples)
    assert list(result.points) == sorted(names, key=str.lower)
    assert result.correlation is not None
    assert result.correlation.n == 6
    assert -1 <= result.correlation.interval[0] <= result.correlation.pearson
    less = familiarity(found, {names[0]: documents[names[0]]}, {})
    assert less.correlation is None
    assert len(less.left_out) == 6
    assert json.dumps(result.to_dict() | less.to_dict(), allow_nan=False)


def test_competitions_are_named_by_prefixes_and_unknown_names_are_said() -> None:
    spooky = "spooky-author-identification"
    found = arrange([run(spooky, "1", "g")])
    documents = {"spooky": [[0.0]], spooky.upper(): [[math.log(0.5)]], "no-such": [[0.0]]}
    result = familiarity(found, documents, {"spooky-author": 1.0, "nor-such": 1.0})
    assert result.points == {spooky: (0.75, 1.0)}
    first, second = result.left_out
    assert first.startswith("no competition is called 'no-such'")
    assert second.startswith("no competition is called 'nor-such'")


# Copied code

KERNEL = '''
import numpy as np

def score_folds(model, table, folds):
    """Return the mean error over folds."""
    total = 0.0
    for number, (train, valid) in enumerate(folds):
        model.fit(table[train, :-1], table[train, -1])
        guess = model.predict(table[valid, :-1])
        total += np.sqrt(np.mean((guess - table[valid, -1]) ** 2)) / (number + 1)
    return total / len(folds)
'''
OTHER = """
class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
    def pop(self):
        return self.items.pop() if self.items else None
while True:
    print(input("next? ")[::-1].upper(), sep="--", end="\\n\\n")
"""


def test_renamed_code_is_found_in_notebooks(tmp_path: Path) -> None:
    renamed = KERNEL.replace("table", "frame").replace("total", "s").replace("guess", "p")
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "ours" / "copied.py").write_text(f"# my own\n{renamed}")
    (tmp_path / "ours" / "own.py").write_text(OTHER)
    (tmp_path / "ours" / "tiny.py").write_text("x = 1\n")
    cells = [
        {"cell_type": "markdown", "source": [OTHER]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip list\n"]},
        {"cell_type": "code", "source": KERNEL.splitlines(keepends=True)},
    ]
    write(tmp_path / "theirs" / "kernel.ipynb", {"cells": cells})
    (match,) = find_copies(tmp_path / "ours", tmp_path / "theirs")
    assert (match.submission, match.reference) == ("copied.py", "kernel.ipynb")
    assert match.share_of_submission > 0.95
    assert match.characters > 100
    everything = find_copies(tmp_path / "ours", tmp_path / "theirs", threshold=0.0)
    assert [m.submission for m in everything] == ["copied.py", "own.py"]
    assert everything[1].share_of_submission < 0.3
    alone = find_copies(tmp_path / "ours" / "own.py", tmp_path / "theirs")
    assert alone == []


def test_what_is_no_code_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReportsError, match="no Python files"):
        find_copies(tmp_path, tmp_path)
    (tmp_path / "a.ipynb").write_text("{}")
    with pytest.raises(ReportsError, match="is no notebook"):
        find_copies(tmp_path, tmp_path)


def test_the_extra_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "copydetect", None)
    (tmp_path / "a.py").write_text("x = 1\n")
    with pytest.raises(PrerequisiteError, match=r"pip install 'mlegrade\[contamination\]'"):
        find_copies(tmp_path, tmp_path)


# Rules


def verdict(**broken: str) -> str:
    return json.dumps(
        {rule: {"broken": rule in broken, "evidence": broken.get(rule, "")} for rule in RULES}
    )


def test_a_judge_is_any_callable() -> None:
    prompts: list[str] = []

    def judge(prompt: str) -> str:
        prompts.append(prompt)
        return f"```json\n{verdict(no_answers='cat  test.csv')}\n```"

    found = check_rules({"run.log": "then\ncat test.csv\n"}, judge)
    assert found == [Finding("no_answers", "run.log", "cat  test.csv", quoted=True)]
    assert all(f"- {rule}: {what}" in prompts[0] for rule, what in RULES.items())
    made_up = check_rules({"run.log": "nothing"}, judge)
    assert not made_up[0].quoted


def test_long_texts_are_shown_in_parts_that_overlap() -> None:
    seen: list[str] = []

    def judge(prompt: str) -> str:
        fence = next(line for line in prompt.splitlines() if line.startswith("==="))
        seen.append(prompt.split(f"{fence}\n")[1].split("\n", 1)[1].rstrip("\n"))
        return verdict()

    text = "".join(f"{number:07}" for number in range(1000))
    assert check_rules({"a": text, "empty": ""}, judge, limit=2000) == []
    assert seen.pop() == ""
    joined = seen[0]
    for part in seen[1:]:
        overlap = next(n for n in range(min(len(part), 600), 0, -1) if joined.endswith(part[:n]))
        assert overlap >= 500
        joined += part[overlap:]
    assert joined == text
    assert max(map(len, seen)) == 2000


@pytest.mark.parametrize("answer", ["", "no", "{}", "[1]", '{"a": 1}',
                                    verdict().replace("false", "0"),
                                    verdict().replace('""', "null")])  # fmt: skip
def test_no_verdict_is_made_up(answer: str) -> None:
    with pytest.raises(JudgeError, match=r"run\.log"):
        check_rules({"run.log": "text"}, lambda _: answer)


def test_texts_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.py").write_text("x = 1")
    (tmp_path / "run.log").write_bytes(b"ok \xff")
    (tmp_path / "model.bin").write_bytes(b"\0")
    (tmp_path / "link.py").symlink_to(tmp_path / "model.bin")
    assert read_texts(tmp_path) == {"code/main.py": "x = 1", "run.log": "ok �"}


def test_an_endpoint_is_a_judge(endpoint: Script) -> None:
    content = verdict(no_tampering="kill 1")
    reply = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
    url, asked = endpoint(200, reply)
    found = check_rules({"run.log": "kill 1"}, endpoint_judge(url, "some-model", key="k"))
    assert found == [Finding("no_tampering", "run.log", "kill 1", quoted=True)]
    ((path, authorization, body),) = asked
    assert (path, authorization) == ("/v1/chat/completions", "Bearer k")
    assert (body["model"], body["temperature"]) == ("some-model", 0)
    assert "kill 1" in body["messages"][0]["content"]


@pytest.mark.parametrize(
    ("status", "answer", "message"),
    [
        (500, b"{}", "answered 500"),
        (200, b"no json", "no chat completion"),
        (200, b'{"choices": []}', "no chat completion"),
        (200, b'{"choices": [{"message": {"content": null}}]}', "no chat completion"),
    ],
)
def test_a_broken_endpoint_is_no_verdict(
    endpoint: Script,
    status: int,
    answer: bytes,
    message: str,
) -> None:
    url, _ = endpoint(status, answer)
    with pytest.raises(JudgeError, match=message):
        endpoint_judge(url, "m")("prompt")


def test_no_endpoint_is_said() -> None:
    with pytest.raises(JudgeError, match="cannot be reached"):
        endpoint_judge("http://127.0.0.1:9/v1", "m", timeout=300)("prompt")
    with pytest.raises(ValueError, match="http"):
        endpoint_judge("file:///x", "m")
