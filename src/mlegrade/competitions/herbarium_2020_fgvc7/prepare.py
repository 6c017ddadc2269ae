"""Herbarium 2020: the split of Herbarium 2021, on other data."""

from mlegrade.competitions.herbarium_2021_fgvc8 import prepare as herbarium_2021
from mlegrade.prepare import Workspace


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    hidden = ("annotations", "categories", "regions")
    herbarium_2021.prepare(files, base="nybg2020/", encoding="latin-1", hidden=hidden)
