"""Laws over all competitions: one test a law, over synthetic data; exceptions have a name."""

from __future__ import annotations

import io
import json
import math
import pickle
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import ABSOLUTE
from mlegrade import Grader, GradeReport, competition, competitions, validate
from mlegrade.metrics import metric_info
from mlegrade.testing import broken, synthesize
from mlegrade.testing._tables import take, to_csv
from mlegrade.testing.strategies import answers, broken_submissions, submissions

if TYPE_CHECKING:
    from pathlib import Path

    from mlegrade.testing import Synthetic

ALL = competitions()
WHEN = "2026-01-01T00:00:00+00:00"

# The reference numbers boxes from 0 and takes box 0 for "no match": the first one never counts.
PERFECT_IS_NOT_THE_OPTIMUM = {"vinbigdata-chest-xray-abnormalities-detection"}
# Boxes are numbered in the order of the file, and the first one never counts.
ORDER_OF_ROWS_MATTERS = {"vinbigdata-chest-xray-abnormalities-detection"}


@cache
def made(name: str) -> Synthetic:
    return synthesize(name, 40)


@cache
def grader(name: str) -> Grader:
    return Grader(name, answers=made(name).answers)


def same(name: str, one: float, two: float) -> bool:
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=ABSOLUTE.get(name, 1e-12))


@pytest.mark.parametrize("name", ALL)
def test_a_perfect_submission_gets_the_optimum(name: str) -> None:
    score = grader(name).score(made(name).perfect)
    optimum = metric_info(competition(name).grading.metric).optimum
    if name in PERFECT_IS_NOT_THE_OPTIMUM:
        assert score != optimum
    else:
        assert same(name, score, optimum) or abs(score - optimum) < 1e-6


@pytest.mark.parametrize("name", ALL)
def test_perfect_is_no_worse_than_plausible_and_baseline(name: str) -> None:
    sign = 1 if competition(name).higher_is_better else -1
    perfect, plausible = (
        sign * grader(name).score(data) for data in (made(name).perfect, made(name).plausible)
    )
    baseline = sign * grader(name).score(made(name).baseline)
    assert perfect >= plausible
    assert perfect >= baseline


@pytest.mark.parametrize("name", ALL)
def test_order_of_rows_changes_nothing(name: str) -> None:
    columns = made(name).tables["plausible"]
    key_columns = [columns[k] for k in competition(name).grading.submission.key.columns]
    keys = list(zip(*key_columns, strict=True))
    # Rows of one key keep their order among each other: it is part of the format there.
    place = {key: rank for rank, key in enumerate(np.random.default_rng(1).permutation(len(keys)))}
    ranks = {key: place[at] for at, key in enumerate(dict.fromkeys(keys))}
    shuffled = take(columns, sorted(range(len(keys)), key=lambda row: ranks[keys[row]]))
    score = grader(name).score(made(name).plausible)
    if name not in ORDER_OF_ROWS_MATTERS:
        assert same(name, grader(name).score(to_csv(shuffled)), score)
    assert grader(name).validate(to_csv(shuffled)).ok


@pytest.mark.parametrize("name", ALL)
def test_order_of_columns_changes_nothing_or_is_refused(name: str) -> None:
    columns = made(name).tables["plausible"]
    turned = to_csv(dict(reversed(columns.items())))
    report = grader(name)(turned)
    if competition(name).grading.submission.ordered:
        assert report.error is not None
        assert report.error["code"] == "column_order"
    else:
        assert report.raw_score == grader(name).score(made(name).plausible)


@pytest.mark.parametrize("name", ALL)
def test_a_further_column_changes_nothing_or_is_refused(name: str) -> None:
    columns = made(name).tables["plausible"]
    further = to_csv({**columns, "surplus": ["0"] * len(next(iter(columns.values())))})
    report = grader(name)(further)
    if competition(name).grading.submission.extra_columns:
        assert report.raw_score == grader(name).score(made(name).plausible)
    else:
        assert report.error is not None
        assert report.error["code"] == "unexpected_column"


@pytest.mark.parametrize("name", ALL)
def test_every_broken_submission_is_refused_and_validate_agrees(name: str) -> None:
    for what, data in broken(made(name)).items():
        report = grader(name)(data)
        assert not report.valid_submission, what
        assert report.error is not None
        assert report.error["message"], what
        assert not grader(name).validate(data).ok, what


@pytest.mark.parametrize("name", ALL)
def test_validate_accepts_with_the_sample_what_grade_accepts(name: str, tmp_path: Path) -> None:
    for data in (made(name).perfect, made(name).plausible, made(name).baseline):
        checked = validate(data, name, sample_submission=made(name).baseline, data_dir=tmp_path)
        assert checked.ok, checked.problems


@pytest.mark.parametrize("name", ALL)
def test_reports_are_the_same_bytes_and_survive_json(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for data in (made(name).perfect, made(name).plausible, b"nonsense"):
        text = grader(name)(data, created_at=WHEN).to_json()
        anew = Grader(name, answers=made(name).answers)(data, created_at=WHEN)
        assert anew.to_json() == text
        assert GradeReport.from_dict(json.loads(text)) == anew
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ALL)
def test_a_grader_can_be_sent_to_another_process(name: str) -> None:
    data = made(name).plausible
    sent = pickle.loads(pickle.dumps(grader(name)))  # noqa: S301 our own bytes
    assert sent(data) == grader(name)(data)


@pytest.mark.parametrize("name", ALL)
def test_a_table_scores_like_the_file_that_it_was_read_from(name: str) -> None:
    data = made(name).plausible
    score = grader(name).score(data)
    for options in ({}, {"dtype_backend": "numpy_nullable"}, {"dtype": str, "na_filter": False}):
        assert same(name, grader(name).score(pd.read_csv(io.BytesIO(data), **options)), score)


@pytest.mark.parametrize("name", ALL)
def test_synthetic_data_is_the_same_bytes_for_the_same_seed(name: str) -> None:
    one, two, other = synthesize(name, 20), synthesize(name, 20), synthesize(name, 20, seed=1)
    assert one == two
    assert other.answers != one.answers
    assert grader(name).competition.id == name
    assert Grader(name, answers=other.answers)(other.perfect).valid_submission


@cache
def drawn_from(name: str) -> Grader:
    return Grader(name, answers=answers(name))


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=8)
@given(data=st.data())
def test_drawn_submissions_are_of_good_form(name: str, data: st.DataObject) -> None:
    submission = data.draw(submissions(name))
    assert drawn_from(name).validate(submission).ok
    report = drawn_from(name)(submission)
    assert report.valid_submission or report.error["code"] == "undefined_score"


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=8)
@given(data=st.data())
def test_drawn_broken_submissions_are_refused(name: str, data: st.DataObject) -> None:
    assert not drawn_from(name)(data.draw(broken_submissions(name))).valid_submission
