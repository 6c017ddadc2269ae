"""Synthetic raw data of the competitions, declared by kinds of data."""

from __future__ import annotations

from raw import images, tables, texts

RAWS = {**images.RAWS, **tables.RAWS, **texts.RAWS}
