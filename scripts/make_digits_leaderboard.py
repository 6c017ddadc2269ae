"""Make the leaderboard of the built-in competition: the scores of scikit-learn's models.

``python scripts/make_digits_leaderboard.py`` trains every model on the public training set, grades
its predictions as a submission, and writes ``leaderboard.csv``; the medal lines that it prints
belong into ``competition.toml``. It takes about a minute.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from sklearn import (
    discriminant_analysis,
    ensemble,
    linear_model,
    naive_bayes,
    neighbors,
    neural_network,
    svm,
    tree,
)
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from mlegrade import Grader
from mlegrade.competitions import get
from mlegrade.medals import medal_thresholds
from mlegrade.prepare import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPETITION = "optical-digits"
SEED = {"random_state": 0}


def models() -> Iterator[tuple[str, Any]]:
    """Yield models by name: common families, from a guess to a well-set one."""
    yield "most frequent digit", DummyClassifier(strategy="most_frequent")
    for depth in (3, 5, 8, 12, None):
        yield f"decision tree, depth {depth}", tree.DecisionTreeClassifier(max_depth=depth, **SEED)
    for count in (10, 50, 200):
        yield f"random forest, {count} trees", ensemble.RandomForestClassifier(count, **SEED)
        yield f"extra trees, {count} trees", ensemble.ExtraTreesClassifier(count, **SEED)
    for rounds in (10, 100):
        boosted = ensemble.HistGradientBoostingClassifier(max_iter=rounds, **SEED)
        yield f"gradient boosting, {rounds} rounds", boosted
    yield "AdaBoost, 100 stumps", ensemble.AdaBoostClassifier(n_estimators=100, **SEED)
    yield "bagged trees, 50", ensemble.BaggingClassifier(n_estimators=50, **SEED)
    for count in (1, 3, 5, 10, 25):
        yield f"{count} nearest neighbours", neighbors.KNeighborsClassifier(count)
    weighted = neighbors.KNeighborsClassifier(5, weights="distance", p=1)
    yield "5 nearest neighbours, city blocks, weighted", weighted
    yield "nearest centroid", neighbors.NearestCentroid()
    for strength in (0.001, 0.01, 0.1, 1.0):
        logistic = linear_model.LogisticRegression(C=strength, max_iter=2000)
        yield f"logistic regression, C {strength:g}", make_pipeline(StandardScaler(), logistic)
    yield "ridge regression", make_pipeline(StandardScaler(), linear_model.RidgeClassifier())
    yield "perceptron", make_pipeline(StandardScaler(), linear_model.Perceptron(**SEED))
    yield (
        "stochastic gradient descent",
        make_pipeline(StandardScaler(), linear_model.SGDClassifier(**SEED)),
    )
    for strength in (0.1, 1.0, 10.0):
        yield f"support vectors, C {strength:g}", svm.SVC(C=strength)
    yield "support vectors, linear", svm.SVC(kernel="linear")
    yield "support vectors, cubic", svm.SVC(kernel="poly", degree=3)
    yield "support vectors, sigmoid", make_pipeline(StandardScaler(), svm.SVC(kernel="sigmoid"))
    yield "Gaussian naive Bayes", naive_bayes.GaussianNB()
    yield "multinomial naive Bayes", naive_bayes.MultinomialNB()
    yield "complement naive Bayes", naive_bayes.ComplementNB()
    yield (
        "Bernoulli naive Bayes",
        make_pipeline(MinMaxScaler(), naive_bayes.BernoulliNB(binarize=0.5)),
    )
    yield "linear discriminants", discriminant_analysis.LinearDiscriminantAnalysis()
    yield (
        "quadratic discriminants",
        discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.01),
    )
    for units in (16, 64, 256):
        network = neural_network.MLPClassifier((units,), max_iter=1000, **SEED)
        yield f"neural network, {units} units", make_pipeline(MinMaxScaler(), network)
    yield (
        "20 components, 3 nearest neighbours",
        make_pipeline(PCA(20, **SEED), neighbors.KNeighborsClassifier(3)),
    )
    yield "30 components, support vectors", make_pipeline(PCA(30, **SEED), svm.SVC(C=10.0))
    yield (
        "4 components, random forest",
        make_pipeline(PCA(4, **SEED), ensemble.RandomForestClassifier(200, **SEED)),
    )
    yield (
        "voting: forest, neighbours, support vectors",
        ensemble.VotingClassifier(
            [
                ("forest", ensemble.RandomForestClassifier(200, **SEED)),
                ("neighbours", neighbors.KNeighborsClassifier(3)),
                ("vectors", svm.SVC(C=10.0)),
            ]
        ),
    )


def scores(data_dir: Path) -> list[tuple[float, str]]:
    """Train and grade all models; return their scores, best first."""
    public = prepare(COMPETITION, data_dir=data_dir).folder / "public"
    train, test = pd.read_csv(public / "train.csv"), pd.read_csv(public / "test.csv")
    pixels = [name for name in test if name != "id"]
    grader = Grader(COMPETITION, data_dir=data_dir)
    board = []
    for name, model in models():
        predicted = model.fit(train[pixels], train["digit"]).predict(test[pixels])
        report = grader(test[["id"]].assign(digit=predicted))
        if report.score is None:
            raise SystemExit(f"{name}: {report.error}")
        board.append((report.score, name))
        print(f"{report.score:.5f}  {name}", flush=True)
    return sorted(board, key=lambda row: (-row[0], row[1]))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        ranked = scores(Path(folder))
    target = get(COMPETITION).folder / "leaderboard.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["score", "model"])
        writer.writerows(ranked)
    lines = medal_thresholds([score for score, _ in ranked], higher_is_better=True)
    print(f"wrote {target} with {len(ranked)} models; {lines}")
