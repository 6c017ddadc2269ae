"""What holds for all metrics, whatever they measure, and for what is passed to them by mistake."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pickle
import pkgutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mlegrade import metrics
from mlegrade.errors import UndefinedMetricError, UndefinedTruthError
from mlegrade.metrics import Boxes, Boxes3D, Labels, LabelSets, Marks, Runs, metric_info

if TYPE_CHECKING:
    from types import ModuleType

FAMILIES = [
    importlib.import_module(f"mlegrade.metrics.{found.name}")
    for found in pkgutil.iter_modules(metrics.__path__)
    if not found.name.startswith("_")
]
METRICS = {
    name: function
    for name in metrics.__all__
    if inspect.isfunction(function := getattr(metrics, name)) and hasattr(function, "info")
}

CLASSES = np.array([0, 1, 1]), np.array([0, 1, 0])
SCORES = np.array([0, 1, 1]), np.array([0.25, 0.75, 0.5])
TABLES = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.25, 0.75], [0.5, 0.5]])
NUMBERS = np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.5, 3.0])
TEXTS = ["a cat", "a dog"], ["a cat", "the dog"]
MASKS = Runs.from_masks([[[1, 1, 0]]]), Runs.from_masks([[[0, 1, 1]]])
BOXES = np.array([[0.0, 0.0, 10.0, 10.0]])
GEOMETRY = np.array([[0.0, 0.0, 0.0, 2.0, 4.0, 2.0, 0.0]])
ONE, GROUPS = np.zeros(1, np.int64), np.array([0, 1, 0])
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "accuracy": CLASSES,
    "average_precision_with_misses": (
        Marks(ONE, ["a"], BOXES),
        Marks(ONE, ["a"], BOXES, np.ones(1)),
        1,
    ),
    "classification_error": CLASSES,
    "coco_mean_average_precision": (Boxes.of(ONE, ONE, BOXES), Boxes.of(ONE, ONE, BOXES)),
    "dice": MASKS,
    "dice_hausdorff": (*MASKS, ONE, ONE, np.array([[1, 3]])),
    "f1_macro": CLASSES,
    "f1_micro": CLASSES,
    "global_dice": MASKS,
    "group_mean_log_mae": (*NUMBERS, GROUPS),
    "haversine_quantile_error": (*TABLES, np.array([0, 1])),
    "iou_threshold_score": (np.array([8, 1]), np.array([10, 1])),
    "kl_divergence": TABLES,
    "laplace_log_likelihood": (*NUMBERS, np.array([100.0, 10.0, 200.0])),
    "log_loss": (np.array([1, 0]), TABLES[1]),
    "lwlrap": TABLES,
    "map_at_k": ([{1, 2}, {3}], np.array([[1, 4, 2], [4, 3, 5]])),
    "mask_fbeta": MASKS,
    "matthews_corrcoef": CLASSES,
    "mean_absolute_error": NUMBERS,
    "mean_angular_error": TABLES,
    "mean_average_precision_3d": (
        Boxes3D(ONE, ["car"], GEOMETRY, np.zeros(1)),
        Boxes3D(ONE, ["car"], GEOMETRY, np.ones(1)),
        1,
    ),
    "mean_levenshtein": TEXTS,
    "pearson_correlation": NUMBERS,
    "point_in_box_f1": (Marks(ONE, ["a"], BOXES), Marks(ONE, ["a"], BOXES[:, 2:] / 2)),
    "pooled_kendall_tau": (np.array([0, 1, 2, 1, 0]), np.array([0, 3, 5])),
    "probabilistic_f1": SCORES,
    "quadratic_weighted_kappa": NUMBERS,
    "roc_auc": SCORES,
    "root_mean_squared_error": NUMBERS,
    "root_mean_squared_log_error": NUMBERS,
    "spearman_correlation": NUMBERS,
    "weighted_multilabel_log_loss": (*SCORES, GROUPS, np.ones(3)),
    "weighted_roc_auc": SCORES,
    "word_error_rate": tuple([text.split() for text in side] for side in TEXTS),
    "word_jaccard": TEXTS,
}
OPTIONS: dict[str, dict[str, Any]] = {
    "map_at_k": {"k": 3},
    "weighted_roc_auc": {"tpr_thresholds": (0.0, 0.4, 1.0), "weights": (2.0, 1.0)},
}
# Those that compare arrays, cell by cell or row by row.
OF_ARRAYS = {
    name
    for name, (truth, predicted, *_) in ARGUMENTS.items()
    if isinstance(truth, np.ndarray) and truth.shape == predicted.shape
}
OF_NUMBERS = OF_ARRAYS - {"accuracy", "classification_error", "f1_macro", "f1_micro"}
every_metric = pytest.mark.parametrize("name", ARGUMENTS)


def call(name: str, *arguments: Any) -> float:
    return METRICS[name](*arguments, **OPTIONS.get(name, {}))


def arrays_in(value: Any) -> list[np.ndarray[Any, Any]]:
    """Return the arrays that an argument is made of."""
    if isinstance(value, np.ndarray):
        return [value]
    slots = getattr(type(value), "__slots__", ())
    return [array for slot in slots for array in arrays_in(getattr(value, slot))]


def pickled(value: Any) -> Any:
    """Return what comes back from pickling a value."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 it is our own


def test_none_is_forgotten() -> None:
    assert set(ARGUMENTS) == set(METRICS)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
class TestFamilies:
    def test_examples_show_what_comes_out(self, family: ModuleType) -> None:
        failed, tried = doctest.testmod(family)
        assert not failed
        assert tried

    def test_all_is_exported(self, family: ModuleType) -> None:
        public = {name for name in family.__all__ if not name.isupper()}
        assert public <= set(metrics.__all__)
        for name in public:
            assert getattr(metrics, name) is getattr(family, name)


class TestMetric:
    @every_metric
    def test_facts(self, name: str) -> None:
        info = metric_info(METRICS[name])
        assert info.name == name
        assert info.higher_is_better == (info.optimum > info.worst)
        assert pickled(info) == info
        assert pickled(METRICS[name]) is METRICS[name]

    @every_metric
    def test_documentation(self, name: str) -> None:
        page = str(METRICS[name].__doc__)
        for title in ("Parameters", "Returns", "Examples"):
            assert f"\n    {title}\n    {'-' * len(title)}\n" in page
        for parameter in inspect.signature(METRICS[name]).parameters:
            assert parameter in page

    @every_metric
    def test_arguments_are_not_changed(self, name: str) -> None:
        arrays = [array for argument in ARGUMENTS[name] for array in arrays_in(argument)]
        for array in arrays:
            array.setflags(write=False)
        try:
            score = call(name, *ARGUMENTS[name])
        finally:
            for array in arrays:
                array.setflags(write=True)
        copied = pickled(ARGUMENTS[name])
        assert type(score) is float
        assert call(name, *copied) == score

    @pytest.mark.parametrize("name", sorted(OF_ARRAYS))
    def test_arrays_need_not_lie_together(self, name: str) -> None:
        truth, predicted, *others = ARGUMENTS[name]
        apart = [np.repeat(side, 2, axis=0)[::2] for side in (truth, predicted)]
        assert call(name, *apart, *others) == call(name, truth, predicted, *others)


@pytest.mark.parametrize("name", sorted(OF_ARRAYS))
class TestOtherShapes:
    """Arrays of shapes that are not documented would be broadcast, or break somewhere inside."""

    def test_a_column_is_no_line(self, name: str) -> None:
        truth, predicted, *others = ARGUMENTS[name]
        for sides in ((truth[:, None], predicted), (truth, predicted[:, None])):
            with pytest.raises(ValueError, match="shape"):
                call(name, *sides, *others)

    def test_three_dimensions(self, name: str) -> None:
        truth, predicted, *others = ARGUMENTS[name]
        deep = [side.reshape(len(side), -1, 1) for side in (truth, predicted)]
        with pytest.raises(ValueError, match="it has to be"):
            call(name, *deep, *others)

    def test_no_dimension(self, name: str) -> None:
        _, _, *others = ARGUMENTS[name]
        with pytest.raises((ValueError, TypeError)):
            call(name, 1, 1, *others)

    def test_no_columns(self, name: str) -> None:
        truth, _, *others = ARGUMENTS[name]
        empty = np.zeros((len(truth), 0))
        with pytest.raises((ValueError, UndefinedMetricError)):
            call(name, empty, empty, *others)


@pytest.mark.parametrize("name", sorted(OF_NUMBERS))
def test_complex_numbers_have_no_score(name: str) -> None:
    truth, predicted, *others = ARGUMENTS[name]
    for sides in ((truth + 1j, predicted), (truth, predicted + 1j)):
        with pytest.raises(TypeError, match="complex"):
            call(name, *sides, *others)


@pytest.mark.parametrize(
    "name", ["lwlrap", "matthews_corrcoef", "probabilistic_f1", "roc_auc", "weighted_roc_auc"]
)
@pytest.mark.parametrize("other", [-1.0, 2.0, 0.5, np.nan])
def test_truth_values_are_0_and_1(name: str, other: float) -> None:
    truth, predicted, *_ = ARGUMENTS[name]
    truth = truth.astype(float)
    truth[-1] = other
    with pytest.raises(UndefinedTruthError, match="neither 0 nor 1"):
        call(name, truth, predicted)


@pytest.mark.parametrize(
    "name",
    ["average_precision_with_misses", "coco_mean_average_precision", "mean_average_precision_3d"],
)
def test_a_confidence_that_is_not_a_number_has_no_place(name: str) -> None:
    truth, predicted, *others = pickled(ARGUMENTS[name])
    predicted.scores[:] = np.nan
    with pytest.raises(UndefinedMetricError, match="not a number"):
        call(name, truth, predicted, *others)


@pytest.mark.parametrize("name", ["group_mean_log_mae", "haversine_quantile_error"])
def test_each_row_has_a_group(name: str) -> None:
    truth, predicted, groups = ARGUMENTS[name]
    with pytest.raises(ValueError, match="groups"):
        call(name, truth, predicted, groups[1:])


@pytest.mark.parametrize(
    "value",
    [Labels.of(["a"]), LabelSets.of([["a"]]), MASKS[0], Marks(ONE, ["a"], BOXES)],
    ids=lambda value: type(value).__name__,
)
def test_what_metrics_take_can_be_pickled(value: Any) -> None:
    copy = pickled(value)
    assert len(copy) == len(value)
    assert repr(copy) == repr(value)


def test_columns_of_unlike_length() -> None:
    for make in (
        lambda: Marks(np.zeros(2, np.int64), ["a"], np.zeros((2, 4))),
        lambda: Boxes.of([1, 1], [1], [[0, 0, 1, 1]] * 2),
        lambda: Boxes3D(ONE, [], GEOMETRY, np.zeros(1)),
    ):
        with pytest.raises(ValueError, match="belong together"):
            make()
