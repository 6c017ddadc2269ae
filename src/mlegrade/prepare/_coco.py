"""Metadata in the manner of COCO: annotations and images side by side, split class by class."""

from __future__ import annotations

from typing import Any

from mlegrade.errors import SetupError
from mlegrade.prepare._tables import split

__all__ = ["Pair", "split_classes"]

Pair = tuple[dict[str, Any], dict[str, Any]]
"""An annotation, and the image that it is about."""


def split_classes(
    metadata: dict[str, list[dict[str, Any]]], test_size: float, *, few: int = 5
) -> tuple[list[Pair], list[Pair]]:
    """Share out the images of each class, in order of the classes' first appearance.

    Parameters
    ----------
    metadata : dict
        With ``annotations`` and ``images`` that belong together place by place.
    test_size : float
        The share of a class's images that goes to the test part.
    few : int, optional
        Classes with fewer images than that are not drawn from: their last images go to the test
        part, at least one, but not the only one.

    Returns
    -------
    train, test : list of tuple
        Pairs of annotation and image, class after class.

    Raises
    ------
    SetupError
        If annotations and images do not belong together place by place.
    """
    classes: dict[int, list[Pair]] = {}
    for annotation, image in zip(metadata["annotations"], metadata["images"], strict=True):
        if annotation["image_id"] != image["id" if "id" in image else "image_id"]:
            raise SetupError(
                "annotations and images of the metadata do not belong together place by place.",
                "Download the data again.",
            )
        classes.setdefault(annotation["category_id"], []).append((annotation, image))
    train: list[Pair] = []
    test: list[Pair] = []
    for pairs in classes.values():
        kept, taken = _share(pairs, test_size, few)
        train += kept
        test += taken
    return train, test


def _share(pairs: list[Pair], test_size: float, few: int) -> tuple[list[Pair], list[Pair]]:
    count = len(pairs)
    if count >= few:
        return split(pairs, test_size)
    taken = 0 if count == 1 else max(1, int(test_size * count))
    return pairs[: count - taken], pairs[count - taken :]
