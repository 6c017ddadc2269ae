"""Metrics: pure functions of truth and prediction, each with its direction and range as data.

Truth comes first, options are keyword-only, the result is one finite float; where there is none,
`UndefinedMetricError` says why. Arguments of another shape or kind than documented are the caller's
mistake: a `ValueError` or a `TypeError`. Nothing here knows tables, files or competitions.
"""

from __future__ import annotations

from mlegrade.metrics._base import Metric, MetricInfo, metric, metric_info
from mlegrade.metrics._labels import Labels
from mlegrade.metrics.boxes3d import Boxes3D, mean_average_precision_3d, upright_box_iou
from mlegrade.metrics.classification import (
    LabelSets,
    accuracy,
    classification_error,
    f1_macro,
    f1_micro,
    quadratic_weighted_kappa,
)
from mlegrade.metrics.correlation import (
    matthews_corrcoef,
    pearson_correlation,
    spearman_correlation,
)
from mlegrade.metrics.detection import Boxes, coco_mean_average_precision
from mlegrade.metrics.marks import Marks, average_precision_with_misses, point_in_box_f1
from mlegrade.metrics.masks import (
    Runs,
    dice,
    global_dice,
    intersection_areas,
    iou_threshold_score,
    mask_fbeta,
)
from mlegrade.metrics.multilabel import lwlrap
from mlegrade.metrics.ordering import count_inversions, pooled_kendall_tau
from mlegrade.metrics.probability import (
    kl_divergence,
    log_loss,
    probabilistic_f1,
    roc_auc,
    weighted_multilabel_log_loss,
    weighted_roc_auc,
)
from mlegrade.metrics.ranking import map_at_k
from mlegrade.metrics.regression import (
    group_mean_log_mae,
    laplace_log_likelihood,
    mean_absolute_error,
    root_mean_squared_error,
    root_mean_squared_log_error,
)
from mlegrade.metrics.sequences import word_error_rate
from mlegrade.metrics.spatial import dice_hausdorff, voxel_hausdorff
from mlegrade.metrics.sphere import haversine_quantile_error, mean_angular_error
from mlegrade.metrics.text import mean_levenshtein, word_jaccard

__all__ = [
    "Boxes",
    "Boxes3D",
    "LabelSets",
    "Labels",
    "Marks",
    "Metric",
    "MetricInfo",
    "Runs",
    "accuracy",
    "average_precision_with_misses",
    "classification_error",
    "coco_mean_average_precision",
    "count_inversions",
    "dice",
    "dice_hausdorff",
    "f1_macro",
    "f1_micro",
    "global_dice",
    "group_mean_log_mae",
    "haversine_quantile_error",
    "intersection_areas",
    "iou_threshold_score",
    "kl_divergence",
    "laplace_log_likelihood",
    "log_loss",
    "lwlrap",
    "map_at_k",
    "mask_fbeta",
    "matthews_corrcoef",
    "mean_absolute_error",
    "mean_angular_error",
    "mean_average_precision_3d",
    "mean_levenshtein",
    "metric",
    "metric_info",
    "pearson_correlation",
    "point_in_box_f1",
    "pooled_kendall_tau",
    "probabilistic_f1",
    "quadratic_weighted_kappa",
    "roc_auc",
    "root_mean_squared_error",
    "root_mean_squared_log_error",
    "spearman_correlation",
    "upright_box_iou",
    "voxel_hausdorff",
    "weighted_multilabel_log_loss",
    "weighted_roc_auc",
    "word_error_rate",
    "word_jaccard",
]
