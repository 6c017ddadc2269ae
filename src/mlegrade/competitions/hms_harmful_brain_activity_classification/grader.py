"""HMS Harmful Brain Activity: how do neurologists vote on a window of an EEG?"""

from mlegrade.metrics import kl_divergence
from mlegrade.schema import Grading, Key, Number, Numbers, Probabilities, Table, Values

# A recording has several windows, each with a row of its own and all with the recording's id.
WINDOW = Key("eeg_id", repeats=True)
VOTES = ("seizure_vote", "lpd_vote", "gpd_vote", "lrda_vote", "grda_vote", "other_vote")


def arguments(answers: Values, submission: Values) -> tuple[object, object]:
    """Return the shares of the votes, true and predicted."""
    votes = answers.only
    return votes / votes.sum(axis=1, keepdims=True), submission.only


GRADING = Grading(
    submission=Table(WINDOW, Probabilities(VOTES, decimals=5, further_columns=True)),
    answers=Table(WINDOW, Numbers(VOTES, Number("", low=0.0))),
    metric=kl_divergence,
    options={"epsilon": 1e-15},
    arguments=arguments,
)
