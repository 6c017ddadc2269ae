"""Labels of many things, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlegrade.metrics._arrays import codes_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

__all__ = ["Labels"]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """One label for each of many things, as the number of its name.

    Parameters
    ----------
    names : sequence of hashable
        Distinct names: text, or anything hashable.
    codes : ndarray of int32, shape (m,)
        The place of each thing's label among the names.
    """

    names: Sequence[Hashable]
    codes: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of things."""
        return len(self.codes)

    @classmethod
    def of(cls, labels: Labels | Sequence[Hashable] | NDArray[Any]) -> Labels:
        """Give numbers to labels, in the order in which they first appear.

        Examples
        --------
        >>> Labels.of(["car", "bus", "car"]).codes.tolist()
        [0, 1, 0]
        """
        if isinstance(labels, Labels):
            return labels
        listed = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
        return cls(list(dict.fromkeys(listed)), codes_of(listed)[0].astype(np.int32))

    @classmethod
    def joined(cls, parts: Sequence[Labels]) -> Labels:
        """Return the labels of all parts, one after the other."""
        numbers: dict[Hashable, int] = {}
        codes = [np.zeros(0, np.int32)]
        for part in parts:
            number = [numbers.setdefault(name, len(numbers)) for name in part.names]
            codes.append(np.array(number, np.int32)[part.codes])
        return cls(list(numbers), np.concatenate(codes))

    def among(self, names: Sequence[Hashable]) -> NDArray[np.int32]:
        """Return the place of each thing's label among other names, -1 if it is none of them."""
        if names is self.names:
            return self.codes
        numbers = {name: number for number, name in enumerate(names)}
        return np.array([numbers.get(name, -1) for name in self.names], np.int32)[self.codes]
