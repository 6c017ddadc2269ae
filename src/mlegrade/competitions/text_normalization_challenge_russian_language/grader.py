"""Text Normalization, Russian: graded as its English sister is."""

from mlegrade.competitions.text_normalization_challenge_english_language.grader import GRADING

__all__ = ["GRADING"]
