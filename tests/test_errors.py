"""Errors say what they have to say in one sentence, and cross the borders of processes."""

from __future__ import annotations

import copy
import pickle

import pytest

from mlegrade import errors

MADE = [
    errors.MlegradeError("what"),
    errors.InvalidSubmissionError("code", "what", column="x", rows=[3, 1]),
    errors.UndefinedMetricError("what"),
    errors.UndefinedTruthError("what"),
    errors.UnknownCompetitionError("what", ["a", "b"]),
    errors.UnknownCompetitionError("what", ["a", "b"], ambiguous=True),
    errors.SetupError("what."),
    errors.SetupError("what.", "Mend it."),
    errors.SetupError(what="what.", mend="Mend it."),
    errors.NotPreparedError("what.", "Mend it."),
    errors.AnswersError("what."),
    errors.ChecksumError("what.", "Mend it."),
    errors.DownloadError("code", "what.", "Mend it.", "https://localhost"),
    errors.PrerequisiteError("what.", "Mend it."),
    errors.UsageError("what.", "Mend it."),
    errors.ReportsError("what:", ["one", "two"]),
]


def test_every_error_is_here() -> None:
    assert {type(error).__name__ for error in MADE} == set(errors.__all__)


@pytest.mark.parametrize("error", MADE, ids=repr)
def test_an_error_survives_pickling(error: errors.MlegradeError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 our own bytes
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (errors.SetupError("It is broken."), "It is broken."),
        (errors.SetupError("It is broken.", "Mend it."), "It is broken. Mend it."),
        (errors.ReportsError("Look:", ["a", "b"]), "Look:\n  a\n  b"),
        (
            errors.UnknownCompetitionError("x"),
            "no competition is called 'x'. `mlegrade list` shows all of them.",
        ),
        (
            errors.UnknownCompetitionError("x", ["a", "b"]),
            "no competition is called 'x'. Did you mean: a, b?",
        ),
        (
            errors.UnknownCompetitionError("x", ["xa", "xb"], ambiguous=True),
            "'x' could be any of: xa, xb. Use a longer prefix.",
        ),
    ],
)
def test_an_error_says_what_to_do_next(error: errors.MlegradeError, text: str) -> None:
    assert str(error) == text


def test_an_invalid_submission_as_data() -> None:
    error = errors.InvalidSubmissionError("code", "what", column="x", rows=[3, 1])
    expected = {"code": "code", "message": "what", "column": "x", "rows": [3, 1]}
    assert error.to_dict() == expected
    assert str(error) == "what"
    bare = errors.InvalidSubmissionError("code", "what")
    assert bare.to_dict() == {"code": "code", "message": "what", "column": None, "rows": []}
