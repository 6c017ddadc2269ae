"""Packages for competitions of one's own."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.spooky import parsed
from mlegrade.competitions import _catalogue
from mlegrade.scaffold import _guess

if TYPE_CHECKING:
    from cli.spooky import Call

TOY = Path(__file__).parents[1] / "coin-toss"
BITS = "id,fraud\n" + "".join(f"t{row},{row % 2}\n" for row in range(6))
TRUTHS = "id,fraud\n1,True\n2,False\n"
PRICES = "id,price\n7,1.5\n8,0\n9,2\n"
GRADES = "essay,grade\na,3\nb,1\nc,6\n"
NAMES = "image,species\n1.jpg,cat\n2.jpg,dog\n"
CLASSES = "image,cat,dog\n1,1,0\n2,0,1\n3,1,0\n"
LABELS = "image,cat,dog\n1,1,1\n2,0,1\n3,1,0\n"


def files(folder: Path) -> dict[str, str]:
    """Return the contents of all files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(_catalogue, "_registered", {})
    return folder


def test_the_package_of_the_documentation_is_made_so(call: Call, here: Path) -> None:
    result = call("new", "coin-toss")
    assert result.stdout.splitlines()[-1] == (
        "next: pip install -e coin-toss && mlegrade describe coin-toss"
    )
    assert files(here / "coin-toss") == files(TOY), "in tests: mlegrade new coin-toss"
    assert [path.name for path in here.iterdir()] == ["coin-toss"]
    assert not list(here.rglob("__pycache__"))


@pytest.mark.parametrize(
    ("answers", "metric", "declared"),
    [
        (BITS, "roc_auc", 'ROW, probability("fraud")|ROW, WholeNumber("fraud", 0, 1)'),
        (BITS, "accuracy", 'WholeNumber("fraud", 0, 1)|"id", text=True'),
        (TRUTHS, "accuracy", 'Key("id"),|Boolean("fraud")'),
        (TRUTHS, "log_loss", 'probability("fraud")'),
        (PRICES, "root_mean_squared_error", 'Number("price"),'),
        (PRICES, "root_mean_squared_log_error", 'Number("price", low=0.0)'),
        (PRICES, "spearman_correlation", 'Number("price", varies=True)'),
        (GRADES, "quadratic_weighted_kappa", 'WholeNumber("grade"),'),
        (NAMES, "f1_macro", 'ClassName("species")'),
        (NAMES, "mean_levenshtein", 'Text("species")'),
        (CLASSES, "log_loss", "ROW, Probabilities(COLUMNS)|ROW, OneHot(COLUMNS)"),
        (LABELS, "lwlrap", 'Numbers(COLUMNS, WholeNumber("", 0, 1))'),
        ("id,x,y\n1,1,2\n2,1,0.5\n", "mean_absolute_error", "Numbers(COLUMNS),"),
        ("id,class,n\n1,a,1\n1,b,1\n2,a,2\n", "accuracy", 'Key("id", "class", text=True)'),
        ('id,"say ""a"""\n1,3\n', "accuracy", "WholeNumber('say \"a\"')"),
        ("id,n\n9007199254740992,3\n9007199254740993,4\n", "accuracy", 'WholeNumber("n"),'),
    ],
)
def test_what_answers_look_like_is_declared(
    answers: str, metric: str, declared: str, call: Call, here: Path
) -> None:
    (here / "test.csv").write_text(answers)
    words = ("new", "my-own", "--answers", "test.csv", "--metric", metric)
    made = parsed(call(*words, "--json"))
    home = here / "my-own/src/mlegrade_my_own"
    assert made["folder"] == "my-own"
    assert made["module"] == home.name
    source = (home / "grader.py").read_text()
    assert all(part in source for part in declared.split("|"))
    assert f"\n    metric={metric},\n)\n" in source
    assert _catalogue.register(home).grading.metric.info.name == metric
    graded = call("grade", "test.csv", "my-own", "--answers", "test.csv", "--json")
    assert abs(parsed(graded)["score"] - made["score"]) < 1e-5
    own = runpy.run_path(str(here / "my-own/tests/test_grading.py"))
    own["test_right_and_broken_submissions"](here / "data")


def test_the_page_lists_every_metric_that_can_be_named() -> None:
    page = (TOY.parents[1] / "docs/add-a-competition.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    known = {*_guess._ONE_COLUMN, *_guess._SEVERAL_COLUMNS}
    assert set(re.findall(r"`(\w+)`", "".join(cells))) == known


def test_people_see_what_was_guessed(call: Call, here: Path) -> None:
    (here / "test.csv").write_text("id," + ",".join("abcdefg") + "\n1" + ",0.5" * 7 + "\n")
    words = ("new", "X-1", "--answers", "test.csv", "--metric", "root_mean_squared_error")
    assert call(*words).stdout.splitlines() == [
        "X-1  X-1/src/mlegrade_x_1",
        "   id: identifies the row",
        *(f"   {name}: a finite number" for name in "abcde"),
        "   ... and 2 columns more",
        "✓  as a submission, the answers get 0.00000: perfect",
        "next: pip install -e X-1 && mlegrade grade test.csv X-1 --answers test.csv",
    ]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("coin_toss", 2, "is no id: one has letters, digits and hyphens between them. Take coin-"),
        ("../coin", 2, "Take coin, for example."),
        ("ÄÖ", 2, "Take coin-toss, for example."),
        ("Spaceship-Titanic", 2, "the id 'Spaceship-Titanic' means spaceship-titanic. Choose"),
        ("spooky", 2, "the id 'spooky' means spooky-author-identification. Choose another one."),
        ("there", 2, "there is there already. Choose another id, or run this elsewhere."),
        ("own --metric accuracy", 2, "--answers and --metric go together."),
        ("own --answers test.csv", 2, "--answers and --metric go together."),
        ("own --answers none.csv --metric accuracy", 3, "there is no file none.csv."),
        ("own --answers test.csv --metric auc", 2, "no metric 'auc'. Choose one of accuracy, "),
        ("own --answers test.csv --metric dice", 2, "hubmap_kidney_segmentation"),
        ("own --answers test.csv --metric accuracy", 2, "does not take the numbers of a, b. Give"),
        ("own --answers text.csv --metric log_loss", 2, "with a column of 0 and 1 for each class."),
        ("own --answers text.csv --metric roc_auc", 2, "with one of accuracy, "),
        ("own --answers twice.csv --metric accuracy", 3, "need a key, and something beside it"),
        ("own --answers alone.csv --metric accuracy", 3, "need a key, and something beside it"),
        ("own --answers empty.csv --metric accuracy", 3, "the answers have no rows."),
        ("own --answers bad.csv --metric accuracy", 3, "the answers cannot be read: "),
        ("own --answers same.csv --metric roc_auc", 3, "are all of one class."),
        ("own --answers gap.csv --metric mean_absolute_error", 3, "found no value in row 2"),
        ("own --answers below.csv --metric root_mean_squared_log_error", 3, "found -1.5 in row 1"),
    ],
)
def test_what_cannot_work_is_not_made(
    words: str, code: int, message: str, call: Call, here: Path
) -> None:
    texts = {
        "test": "id,a,b\n1,0.5,2\n",
        "text": NAMES,
        "twice": "id,a\n1,0.5\n1,2.5\n",
        "alone": "a\n0.5\n",
        "empty": "id,a\n",
        "bad": "id,a\n1,2,3\n",
        "same": "id,a\n1,1\n2,1\n",
        "gap": "id,a\n1,1.5\n2,\n",
        "below": "id,a\n1,-1.5\n",
    }
    for name, text in texts.items():
        (here / f"{name}.csv").write_text(text)
    (here / "there").mkdir()
    before = sorted(here.iterdir())
    result = call("new", *words.split(), "--json")
    assert result.exit_code == code
    assert message in parsed(result)["error"]["message"]
    assert sorted(here.iterdir()) == before
    assert not list((here / "there").iterdir())


def test_what_is_not_perfect_is_not_made(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "test.csv").write_text(PRICES)
    words = ("new", "x", "--answers", "test.csv", "--metric", "mean_absolute_error")
    for handed_in, message in (
        (b"id,price\n7,1.5\n8,0\n9,5\n", "get 1 rather than 0. Mend them, or choose another"),
        (b"id,price\n7,1.5\n8,0\n", "as a submission, the answers are refused: "),
    ):
        monkeypatch.setattr("mlegrade.scaffold._make.perfect_submission", lambda *_: handed_in)  # noqa: B023
        result = call(*words)
        assert result.exit_code == 3
        assert message in result.stderr
        assert [path.name for path in here.iterdir()] == ["test.csv"]
