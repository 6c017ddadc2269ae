"""What Inspect finds by the entry point group ``inspect_ai``: importing a thing registers it."""

from mlegrade.integrations.inspect.scoring import mlegrade_scorer
from mlegrade.integrations.inspect.task import mle_bench
from mlegrade.integrations.inspect.tools import validate_submission

__all__ = ["mle_bench", "mlegrade_scorer", "validate_submission"]
