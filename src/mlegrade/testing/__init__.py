"""Synthetic answers and submissions for every competition, without one byte from Kaggle.

Everything is made from the competition's own declaration, and where that does not say enough, from
the small `synthetic.py` in its folder. `synthesize` and `write_data_dir` need nothing but mlegrade;
`mlegrade.testing.strategies` needs Hypothesis (extra `testing`).
"""

from mlegrade.testing._broken import broken
from mlegrade.testing._data_dir import Written, write_data_dir
from mlegrade.testing._synthesis import Synthetic, perfect_submission, synthesize

__all__ = ["Synthetic", "Written", "broken", "perfect_submission", "synthesize", "write_data_dir"]
