"""Text Normalization, Russian: prepared as its English sister is."""

from mlegrade.competitions.text_normalization_challenge_english_language import prepare as english
from mlegrade.prepare import Workspace


def prepare(files: Workspace) -> None:
    """Make public and private data."""
    english.prepare(files, language="ru")
