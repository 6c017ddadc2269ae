"""Metrics on classes and label sets: against oracles and naive loops, and the laws they obey."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics
from sklearn.preprocessing import MultiLabelBinarizer

from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import (
    LabelSets,
    accuracy,
    classification,
    classification_error,
    f1_macro,
    f1_micro,
    metric_info,
    quadratic_weighted_kappa,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Classes of every kind: close together, far apart, negative, no numbers at all.
KINDS = {
    "small": st.integers(-3, 3),
    "far apart": st.sampled_from([-(10**12), 0, 7, 2**52]),
    "doubles": st.sampled_from([-1.0, 0.0, 2.0, 3.0, 1e300]),
    "fractions": st.sampled_from([0.25, 0.5, 1.5, 2.0]),
    "truth values": st.booleans(),
    "text": st.sampled_from(["", "cat", "Cat", "dog", " dog", "é"]),
}
# As an array of text, all of these would be text, and some the same; as one of doubles, some are.
MIXED = {
    "kinds": ["a", "a\0", "1", 1, 1.0, True, "True", None, "None", 2**53 + 1, 2**70],
    "large": [0.5, 2**53, 2**53 + 1, 2.0**53, 2**63, -1],
}
LABELS = st.frozensets(st.sampled_from(["rust", "scab", "healthy", "Rust", "7", ""]), max_size=4)


@st.composite
def classes(draw: st.DrawFn, kind: str | None = None) -> tuple[list[Any], list[Any]]:
    """Draw true and predicted classes of one kind."""
    one = KINDS[kind or draw(st.sampled_from(list(KINDS)))]
    rows = draw(st.lists(st.tuples(one, one), min_size=1, max_size=16))
    true, predicted = zip(*rows, strict=True)
    return list(true), list(predicted)


@st.composite
def label_sets(draw: st.DrawFn) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Draw true and predicted sets, with at least one label."""
    rows = draw(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=12))
    assume(any(map(any, rows)))
    true, predicted = zip(*rows, strict=True)
    return list(true), list(predicted)


@st.composite
def grades(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Draw true and predicted grades that are not all the same."""
    true, predicted = draw(classes("small"))
    assume(len({*true, *predicted}) > 1)
    return true, predicted


def of_sets(metric: Callable[..., float]) -> Callable[..., float]:
    return lambda true, predicted: metric(LabelSets.of(true), LabelSets.of(predicted))


# Every metric of the module, and what it takes.
MEMBERS: dict[str, tuple[Callable[..., float], Any]] = {
    "accuracy": (accuracy, classes()),
    "classification_error": (classification_error, classes()),
    "f1_micro": (f1_micro, classes()),
    "f1_macro": (f1_macro, classes()),
    "f1_micro of sets": (of_sets(f1_micro), label_sets()),
    "f1_macro of sets": (of_sets(f1_macro), label_sets()),
    "quadratic_weighted_kappa": (quadratic_weighted_kappa, grades()),
}
every_metric = pytest.mark.parametrize(("metric", "inputs"), MEMBERS.values(), ids=MEMBERS)
everything = pytest.mark.parametrize("name", MEMBERS)


def draw(name: str, data: st.DataObject) -> tuple[Callable[..., float], list[Any], list[Any]]:
    metric, inputs = MEMBERS[name]
    true, predicted = data.draw(inputs)
    return metric, true, predicted


class TestLawsOfAll:
    """What holds for every metric of the module."""

    def test_none_is_forgotten(self) -> None:
        named = {name.removesuffix(" of sets") for name in MEMBERS}
        assert {*named, "LabelSets"} == set(classification.__all__)

    @everything
    @given(data=st.data())
    def test_score_is_a_float_in_the_stated_range(self, name: str, data: st.DataObject) -> None:
        metric, true, predicted = draw(name, data)
        info = metric_info(getattr(classification, name.removesuffix(" of sets")))
        score = metric(true, predicted)
        assert type(score) is float
        assert min(info.optimum, info.worst) <= score <= max(info.optimum, info.worst)
        assert info.higher_is_better == (info.optimum > info.worst)

    @everything
    @given(data=st.data())
    def test_perfect_is_the_optimum(self, name: str, data: st.DataObject) -> None:
        metric, true, predicted = draw(name, data)
        info = metric_info(getattr(classification, name.removesuffix(" of sets")))
        assume(name != "quadratic_weighted_kappa" or len(set(true)) > 1)
        assume("sets" not in name or any(true))
        assert metric(true, true) == info.optimum
        worse = metric(true, predicted)
        assert worse <= info.optimum if info.higher_is_better else worse >= info.optimum

    @everything
    @given(data=st.data())
    def test_truth_and_prediction_may_change_places(self, name: str, data: st.DataObject) -> None:
        metric, true, predicted = draw(name, data)
        assert math.isclose(metric(true, predicted), metric(predicted, true), rel_tol=1e-14)

    @everything
    @given(data=st.data())
    def test_order_of_rows_does_not_matter(self, name: str, data: st.DataObject) -> None:
        metric, true, predicted = draw(name, data)
        order = data.draw(st.permutations(range(len(true))))
        moved = metric([true[at] for at in order], [predicted[at] for at in order])
        assert math.isclose(moved, metric(true, predicted), rel_tol=1e-14)

    @everything
    @given(data=st.data())
    def test_every_row_twice_gives_the_same(self, name: str, data: st.DataObject) -> None:
        metric, true, predicted = draw(name, data)
        twice = metric([*true, *true], [*predicted, *predicted])
        assert math.isclose(twice, metric(true, predicted), rel_tol=1e-14)

    @every_metric
    def test_nothing_to_compare(self, metric: Callable[..., float], inputs: Any) -> None:
        del inputs
        with pytest.raises(UndefinedMetricError):
            metric([], [])

    @everything
    @given(data=st.data())
    def test_unlike_lengths_are_the_callers_mistake(self, name: str, data: st.DataObject) -> None:
        metric, true, predicted = draw(name, data)
        with pytest.raises(ValueError, match="but"):
            metric(true, [*predicted, *predicted])


@pytest.mark.parametrize("metric", [accuracy, classification_error, f1_micro, f1_macro])
class TestLawsOfClasses:
    """What holds where the classes are but names."""

    @given(case=classes())
    def test_lists_do_as_well_as_arrays(self, metric: Callable[..., float], case: Any) -> None:
        true, predicted = case
        score = metric(true, predicted)
        for kind in (None, object):
            arrays = np.array(true, kind), np.array(predicted, kind)
            assert math.isclose(metric(*arrays), score, rel_tol=1e-12)

    @given(case=classes("small"), names=st.permutations(range(-3, 4)))
    def test_names_do_not_matter(
        self, metric: Callable[..., float], case: Any, names: list[int]
    ) -> None:
        renamed = [[names[label] for label in side] for side in case]
        words = [[f"class {label}" for label in side] for side in case]
        apart = [[label * 10.0**9 for label in side] for side in case]
        for other in (renamed, words, apart):
            assert math.isclose(metric(*other), metric(*case), rel_tol=1e-14)

    @given(case=classes("small"))
    def test_integers_and_doubles_are_equal(self, metric: Callable[..., float], case: Any) -> None:
        true, predicted = map(np.array, case)
        for dtype in (np.int8, np.int64, np.float32, np.float64):
            assert metric(true, predicted.astype(dtype)) == metric(true, predicted)
        assert metric(true + 3, (predicted + 3).astype(np.uint64)) == metric(true, predicted)


class TestAccuracy:
    @given(classes())
    def test_oracle(self, case: Any) -> None:
        true, predicted = numbered(*case)
        expected = sklearn_metrics.accuracy_score(true, predicted)
        assert math.isclose(accuracy(*case), expected, rel_tol=1e-14)

    @given(classes())
    def test_naive(self, case: Any) -> None:
        hits = sum(a == b for a, b in zip(*case, strict=True))
        assert accuracy(*case) == hits / len(case[0])

    @given(classes())
    def test_error_is_the_rest(self, case: Any) -> None:
        assert math.isclose(classification_error(*case), 1.0 - accuracy(*case), abs_tol=1e-15)

    @pytest.mark.parametrize("several", MIXED.values(), ids=MIXED)
    @given(data=st.data())
    def test_classes_of_several_kinds(self, several: list[Any], data: st.DataObject) -> None:
        one = st.sampled_from(several)
        rows = data.draw(st.lists(st.tuples(one, one), min_size=1, max_size=8))
        true, predicted = zip(*rows, strict=True)
        hits = sum(a == b for a, b in rows) / len(rows)
        assert accuracy(true, predicted) == f1_micro(true, predicted) == hits
        assert math.isclose(classification_error(true, predicted), 1.0 - hits, abs_tol=1e-15)

    @pytest.mark.parametrize("kind", [float, object])
    def test_what_is_no_number_is_equal_to_nothing(self, kind: type) -> None:
        classes = np.array([np.nan, 1.0], kind)
        assert accuracy(classes, classes) == f1_micro(classes, classes) == 0.5
        assert f1_macro(classes, classes) == 0.5

    def test_sets_of_labels_are_no_classes(self) -> None:
        sets = LabelSets.of([["a"], ["b"]])
        with pytest.raises(ValueError, match="it has to be"):
            accuracy(sets, sets)


def numbered(true: Sequence[Any], predicted: Sequence[Any]) -> tuple[list[int], list[int]]:
    """Turn classes of any kind into numbers, which is what scikit-learn is sure to compare."""
    names = sorted({*true, *predicted})
    return [names.index(label) for label in true], [names.index(label) for label in predicted]


def naive_f1(
    true: Sequence[frozenset[Any]], predicted: Sequence[frozenset[Any]], labels: frozenset[Any]
) -> list[tuple[int, int]]:
    """Return numerator and denominator of every label's F1, row by row."""
    counts = []
    for label in labels:
        tp = fp = fn = 0
        for has, got in zip(true, predicted, strict=True):
            tp += label in has and label in got
            fp += label not in has and label in got
            fn += label in has and label not in got
        counts.append((2 * tp, 2 * tp + fp + fn))
    return counts


def all_labels(*sides: Sequence[frozenset[Any]]) -> frozenset[Any]:
    return frozenset(label for side in sides for row in side for label in row)


class TestF1:
    @given(classes())
    def test_oracle_of_classes(self, case: Any) -> None:
        true, predicted = numbered(*case)
        for metric, average in ((f1_micro, "micro"), (f1_macro, "macro")):
            expected = sklearn_metrics.f1_score(true, predicted, average=average, zero_division=0.0)
            assert math.isclose(metric(*case), expected, rel_tol=1e-12)

    @given(label_sets())
    def test_oracle_of_sets(self, case: Any) -> None:
        labels = sorted(all_labels(*case))
        assume(len(labels) > 1)  # a single column is a binary problem to scikit-learn
        binarizer = MultiLabelBinarizer(classes=labels)
        true, predicted = (binarizer.fit_transform(side) for side in case)
        for metric, average in ((f1_micro, "micro"), (f1_macro, "macro")):
            expected = sklearn_metrics.f1_score(true, predicted, average=average, zero_division=0.0)
            assert math.isclose(of_sets(metric)(*case), expected, rel_tol=1e-12)

    @given(label_sets())
    def test_naive(self, case: Any) -> None:
        counts = naive_f1(*case, all_labels(*case))
        pooled = Fraction(sum(top for top, _ in counts), sum(bottom for _, bottom in counts))
        each = sum(Fraction(*count) for count in counts) / len(counts)
        assert math.isclose(of_sets(f1_micro)(*case), pooled, rel_tol=1e-14)
        assert math.isclose(of_sets(f1_macro)(*case), each, rel_tol=1e-14)

    @given(label_sets())
    def test_labels_that_no_row_has_may_cost_nothing(self, case: Any) -> None:
        true, predicted = case
        assume(any(true))
        known = all_labels(true)
        known_only = LabelSets.of([row & known for row in predicted])
        score = f1_micro(LabelSets.of(true), LabelSets.of(predicted), true_labels_only=True)
        assert score == f1_micro(LabelSets.of(true), known_only)
        assert score >= f1_micro(LabelSets.of(true), LabelSets.of(predicted))

    @given(classes())
    def test_sets_of_one_are_classes(self, case: Any) -> None:
        single = [LabelSets.of([label] for label in side) for side in case]
        for metric in (f1_micro, f1_macro):
            assert math.isclose(metric(*single), metric(*case), rel_tol=1e-14)
        assert math.isclose(f1_micro(*case), accuracy(*case), rel_tol=1e-14)

    @given(label_sets())
    def test_rows_without_labels_change_nothing(self, case: Any) -> None:
        longer = [[frozenset(), *side, frozenset()] for side in case]
        for metric in (of_sets(f1_micro), of_sets(f1_macro)):
            assert metric(*longer) == metric(*case)

    @given(classes("small"), st.integers(50, 60))
    def test_a_class_that_is_never_true_lowers_the_mean(self, case: Any, other: int) -> None:
        true, predicted = case
        pairs = zip(true, predicted, strict=True)
        wrong = [label if label == has else other for has, label in pairs]
        known = sorted(set(true))
        each = sklearn_metrics.f1_score(
            true, wrong, labels=known, average="macro", zero_division=0.0
        )
        n_labels = len({*true, *wrong})
        assert math.isclose(f1_macro(true, wrong), each * len(known) / n_labels, rel_tol=1e-12)

    def test_no_labels_at_all(self) -> None:
        nothing = LabelSets.of([[], []])
        for metric in (f1_micro, f1_macro):
            with pytest.raises(UndefinedMetricError, match="no label"):
                metric(nothing, nothing)
        assert f1_micro(nothing, nothing, zero_division=0.5) == 0.5
        unknown = LabelSets.of([["a"], []])
        assert f1_micro(nothing, unknown) == f1_macro(nothing, unknown) == 0.0
        assert f1_micro(nothing, unknown, true_labels_only=True, zero_division=1.0) == 1.0
        with pytest.raises(UndefinedTruthError, match="no row has a label"):
            f1_micro(nothing, unknown, true_labels_only=True)

    @pytest.mark.parametrize("at_once", [1, 5])
    def test_a_few_sets_at_a_time(self, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
        rng = np.random.default_rng(0)
        truth, predicted = (
            LabelSets.of([rng.integers(6, size=size).tolist() for size in rng.integers(5, size=40)])
            for _ in range(2)
        )
        whole = f1_micro(truth, predicted), f1_macro(truth, predicted)
        monkeypatch.setattr(classification, "_MEMBERS_AT_ONCE", at_once)
        assert (f1_micro(truth, predicted), f1_macro(truth, predicted)) == whole

    def test_sets_and_classes_do_not_mix(self) -> None:
        for sides in product([LabelSets.of([["a"]]), ["a"]], repeat=2):
            if isinstance(sides[0], list) != isinstance(sides[1], list):
                with pytest.raises(TypeError, match="one side"):
                    f1_micro(*sides)


class TestLabelSets:
    @given(st.lists(st.lists(st.sampled_from("abcd"), max_size=6), max_size=8))
    def test_members_are_those_of_the_sets(self, rows: list[list[str]]) -> None:
        sets = LabelSets.of(rows)
        found: list[set[Any]] = [set() for _ in rows]
        for row, code in zip(sets.rows, sets.codes, strict=True):
            assert sets.labels[code] not in found[row]
            found[row].add(sets.labels[code])
        assert found == list(map(set, rows))
        assert len(sets) == len(rows)
        assert sorted(sets.labels) == sorted(all_labels([frozenset(row) for row in rows]))

    @given(st.lists(st.lists(st.sampled_from("abcd"), max_size=6), max_size=8))
    def test_members_ascend(self, rows: list[list[str]]) -> None:
        sets = LabelSets.of(rows)
        pairs = list(zip(sets.rows.tolist(), sets.codes.tolist(), strict=True))
        assert pairs == sorted(set(pairs))


def naive_kappa(true: Sequence[float], predicted: Sequence[float]) -> Fraction | None:
    """Compare every true grade with every predicted one: what chance would do."""
    observed = sum((Fraction(a) - Fraction(b)) ** 2 for a, b in zip(true, predicted, strict=True))
    expected = sum((Fraction(a) - Fraction(b)) ** 2 for a, b in product(true, predicted))
    return 1 - observed * len(true) / expected if expected else None


class TestQuadraticWeightedKappa:
    @given(grades())
    def test_oracle(self, case: Any) -> None:
        true, predicted = case
        scale = list(range(-3, 4))
        by_value = sklearn_metrics.cohen_kappa_score(
            true, predicted, labels=scale, weights="quadratic"
        )
        by_rank = sklearn_metrics.cohen_kappa_score(true, predicted, weights="quadratic")
        assert math.isclose(quadratic_weighted_kappa(*case), by_value, abs_tol=1e-12)
        assert math.isclose(quadratic_weighted_kappa(*case, by_rank=True), by_rank, abs_tol=1e-12)

    @given(grades())
    def test_naive(self, case: Any) -> None:
        expected = naive_kappa(*case)
        assert expected is not None
        assert math.isclose(quadratic_weighted_kappa(*case), expected, rel_tol=1e-14)
        ranks = naive_kappa(*numbered(*case))
        assert ranks is not None
        assert math.isclose(quadratic_weighted_kappa(*case, by_rank=True), ranks, rel_tol=1e-14)

    @given(st.lists(st.tuples(*[st.floats(-100, 100, width=16)] * 2), min_size=2, max_size=12))
    def test_naive_with_any_numbers(self, rows: list[tuple[float, float]]) -> None:
        true, predicted = zip(*rows, strict=True)
        expected = naive_kappa(true, predicted)
        assume(expected is not None and max(true) - min(true) > 1)
        score = quadratic_weighted_kappa(true, predicted)
        assert math.isclose(score, expected or 0, abs_tol=1e-9)

    @given(grades(), st.integers(-(10**6), 10**6), st.integers(1, 1000))
    def test_shift_and_scale_do_not_matter(self, case: Any, shift: int, scale: int) -> None:
        true, predicted = map(np.array, case)
        moved = quadratic_weighted_kappa(true * scale + shift, predicted * scale + shift)
        assert math.isclose(moved, quadratic_weighted_kappa(true, predicted), rel_tol=1e-12)

    @given(grades())
    def test_ranks_know_only_the_order(self, case: Any) -> None:
        true, predicted = map(np.array, case)
        stretched = quadratic_weighted_kappa(
            np.exp(true / 1.0), np.exp(predicted / 1.0), by_rank=True
        )
        assert stretched == quadratic_weighted_kappa(true, predicted, by_rank=True)

    @given(grades())
    def test_ranks_are_values_where_no_grade_is_absent(self, case: Any) -> None:
        true, predicted = ([*side, *range(-3, 4)] for side in case)
        assert quadratic_weighted_kappa(true, predicted) == quadratic_weighted_kappa(
            true, predicted, by_rank=True
        )

    @given(grades(), st.integers(-3, 3))
    def test_a_constant_is_worth_nothing(self, case: Any, constant: int) -> None:
        true, _ = case
        assume({constant} != set(true))
        assert quadratic_weighted_kappa(true, [constant] * len(true)) == 0.0

    @given(st.integers(-3, 3), st.integers(1, 5), st.booleans())
    def test_one_constant_on_both_sides(self, constant: int, size: int, by_rank: bool) -> None:
        with pytest.raises(UndefinedMetricError, match="same constant"):
            quadratic_weighted_kappa([constant] * size, [constant] * size, by_rank=by_rank)

    def test_opposite_grades_are_the_worst(self) -> None:
        assert quadratic_weighted_kappa([0, 4], [4, 0]) == -1.0

    @pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
    def test_what_is_no_grade_has_no_score(self, bad: float) -> None:
        with pytest.raises(UndefinedMetricError):
            quadratic_weighted_kappa([0.0, 1.0, 2.0], [0.0, bad, 2.0])
