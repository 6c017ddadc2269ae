"""Many reports to the paper's tables and curves.

>>> from mlegrade import summary
>>> loaded = summary.load("reports.jsonl")  # doctest: +SKIP
>>> grid = summary.arrange(loaded, split="lite")  # doctest: +SKIP
>>> print(summary.to_text(summary.summarize(grid)))  # doctest: +SKIP

Needs numpy and nothing heavier; copying is looked for with the extra ``contamination``.
"""

from mlegrade.summary.boards import Boards, Facts, read_board
from mlegrade.summary.compare import COMPARABLE, Comparison, compare, mcnemar, permutation
from mlegrade.summary.familiarity import (
    Correlation,
    Familiarity,
    correlation,
    familiarity,
    performance,
    read_log_probabilities,
    token_probability,
)
from mlegrade.summary.formats import FORMATS, to_csv, to_latex, to_markdown, to_text
from mlegrade.summary.grid import MEASURES, Grid, arrange
from mlegrade.summary.load import Loaded, Run, load
from mlegrade.summary.over_time import Moment, over_time
from mlegrade.summary.passk import (
    BestOfK,
    PassAtK,
    best_medals,
    best_of_k,
    pass_at_k,
    pass_curve,
)
from mlegrade.summary.plagiarism import Match, find_copies
from mlegrade.summary.rules import (
    RULES,
    Finding,
    JudgeError,
    check_rules,
    endpoint_judge,
    read_texts,
)
from mlegrade.summary.table import Estimate, Row, Summary, summarize
from mlegrade.summary.uncertainty import bootstrap, bootstrap_mean, standard_error

__all__ = [
    "COMPARABLE",
    "FORMATS",
    "MEASURES",
    "RULES",
    "BestOfK",
    "Boards",
    "Comparison",
    "Correlation",
    "Estimate",
    "Facts",
    "Familiarity",
    "Finding",
    "Grid",
    "JudgeError",
    "Loaded",
    "Match",
    "Moment",
    "PassAtK",
    "Row",
    "Run",
    "Summary",
    "arrange",
    "best_medals",
    "best_of_k",
    "bootstrap",
    "bootstrap_mean",
    "check_rules",
    "compare",
    "correlation",
    "endpoint_judge",
    "familiarity",
    "find_copies",
    "load",
    "mcnemar",
    "over_time",
    "pass_at_k",
    "pass_curve",
    "performance",
    "permutation",
    "read_board",
    "read_log_probabilities",
    "read_texts",
    "standard_error",
    "summarize",
    "to_csv",
    "to_latex",
    "to_markdown",
    "to_text",
    "token_probability",
]
