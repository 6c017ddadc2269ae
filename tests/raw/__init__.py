"""Synthetic raw data of the competitions, declared by kinds of data."""

from __future__ import annotations

from raw import (
    animals,
    binaries,
    drives,
    images,
    languages,
    leaves,
    masks,
    measured,
    medicine,
    photographs,
    questions,
    scans,
    series,
    tables,
    texts,
)

RAWS = {
    **animals.RAWS,
    **binaries.RAWS,
    **drives.RAWS,
    **images.RAWS,
    **languages.RAWS,
    **leaves.RAWS,
    **masks.RAWS,
    **measured.RAWS,
    **medicine.RAWS,
    **photographs.RAWS,
    **questions.RAWS,
    **scans.RAWS,
    **series.RAWS,
    **tables.RAWS,
    **texts.RAWS,
}
