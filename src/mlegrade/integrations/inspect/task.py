"""The task: one sample for each competition."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspect_ai import Task, task
from inspect_ai._util.error import PrerequisiteError  # its command line prints it as a message
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.util import ComposeConfig, SandboxEnvironmentSpec

from mlegrade import __version__, data
from mlegrade.competitions import get, ids
from mlegrade.errors import MlegradeError, SetupError
from mlegrade.integrations.inspect.agent import tool_agent
from mlegrade.integrations.inspect.places import FILE, LOCAL, ROOT, compose, surroundings
from mlegrade.integrations.inspect.scoring import mlegrade_scorer
from mlegrade.integrations.inspect.setup import make_places
from mlegrade.report import SCORING_VERSION
from mlegrade.runner.instructions import instructions
from mlegrade.runner.limits import Limits, parse_duration, parse_size

if TYPE_CHECKING:
    from mlegrade.competitions import Competition

__all__ = ["mle_bench"]

_IMAGE = Path(__file__).with_name("image")


@task
def mle_bench(  # noqa: PLR0913, PLR0917 what users set with -T, all of it with defaults
    competitions: str | list[str] | None = None,
    split: str | None = None,
    data_dir: str | None = None,
    obfuscated: bool = False,  # noqa: FBT001, FBT002 Inspect passes all parameters by name
    epochs: int = 1,
    time_limit: str | float = "24h",
    message_limit: int | None = None,
    tool_timeout: int = 3600,
    sandbox: str = "docker",
    sandbox_config: str | None = None,
    image: str | None = None,
    cpus: float | None = None,
    memory: str | int | None = None,
    gpus: int = 0,
    network: str = "none",
    submission: str | None = None,
) -> Task:
    """Take part in MLE-bench's Kaggle competitions, and be graded among the human teams.

    Parameters
    ----------
    competitions : str or list of str, optional
        Which, by id or unambiguous prefix; separated by commas or blanks.
    split : str, optional
        All competitions of a split: ``lite`` (where nothing is named), ``medium``, ``high``,
        ``all``, ``dev``.
    data_dir : str, optional
        The data directory; by default ``$MLEGRADE_DATA_DIR`` or the user's cache directory.
    obfuscated : bool, optional
        Whether the agent gets the description that hides title and origin.
    epochs : int, optional
        How many times each competition is run: the seeds.
    time_limit : str or float, optional
        How long a run may take: seconds, or ``90m``, ``24h``.
    message_limit : int, optional
        How many messages a run may have.
    tool_timeout : int, optional
        How many seconds one call of the default agent's tools may take.
    sandbox : str, optional
        The type of sandbox: ``docker``, ``local`` (without isolation, to try things out), or one
        of another package.
    sandbox_config : str, optional
        Its configuration, such as a Compose file, instead of the one that is made here.
    image : str, optional
        The image of the Docker sandbox; by default one is built.
    cpus, memory, gpus : float, str, int, optional
        What the Docker sandbox may use, such as ``4``, ``32g``, ``1``.
    network : str, optional
        The network of the Docker sandbox: ``none``, or a ``network_mode`` of Compose.
    submission : str, optional
        Where the submission is in the sandbox, instead of the place that the instructions name.

    Raises
    ------
    PrerequisiteError
        (Inspect's) if a competition is unknown or not prepared, or a limit cannot be read.
    """
    try:
        chosen = _chosen(competitions, split)
        answers = {competition.id: competition.answers_file for competition in chosen}
        folder = data.data_dir(data_dir).resolve()
        data.require_prepared(answers, folder)
        place = _Place(
            folder=folder,
            limits=_limits(time_limit, cpus, memory, gpus),
            sandbox=sandbox,
            config=sandbox_config,
            image=image,
            network=network,
            obfuscated=obfuscated,
        )
    except (MlegradeError, ValueError) as error:
        raise PrerequisiteError(str(error)) from error
    local = sandbox == LOCAL
    file = submission or (FILE if local else f"{ROOT}/{FILE}")
    samples = [place.sample(competition) for competition in chosen]
    return Task(
        dataset=MemoryDataset(samples, name="mle_bench"),
        setup=make_places(local=local),
        solver=tool_agent(file, tool_timeout),
        scorer=mlegrade_scorer(file, str(folder)),
        epochs=epochs,
        time_limit=math.ceil(place.limits.time),
        message_limit=message_limit,
        version=SCORING_VERSION,
        metadata={"mlegrade": __version__},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where all samples of a task are run."""

    folder: Path
    limits: Limits
    sandbox: str
    config: str | None
    image: str | None
    network: str
    obfuscated: bool

    def sample(self, competition: Competition) -> Sample:
        """Return the sample of a competition."""
        paths = data.paths(competition.id, self.folder)
        public = paths.public.resolve()
        variant = data.variant(paths.private / competition.answers_file)
        told = instructions(
            competition,
            self.limits,
            network=LOCAL if self.sandbox == LOCAL else self.network,  # the machine's own
            obfuscated=self.obfuscated,
            surroundings=surroundings(self.sandbox),
        )
        return Sample(
            id=competition.id,
            input=told,
            sandbox=SandboxEnvironmentSpec(self.sandbox, self._config(competition, public)),
            metadata=facts(competition, variant) | {"public_data": str(public)},
        )

    def _config(self, competition: Competition, public: Path) -> ComposeConfig | str | None:
        if self.config is not None:
            return str(Path(self.config).resolve())
        if self.sandbox != "docker":
            return None
        made = compose(
            competition,
            public,
            self.limits,
            image=self.image,
            build=_IMAGE,
            network=self.network,
            obfuscated=self.obfuscated,
        )
        return ComposeConfig.model_validate(made)


def _chosen(competitions: str | list[str] | None, split: str | None) -> list[Competition]:
    if competitions and split:
        raise SetupError("name competitions or a split, not both.")
    texts = [competitions] if isinstance(competitions, str) else competitions or []
    words = [word for text in texts for word in text.replace(",", " ").split()]
    found = [get(name) for name in (words or ids(split or "lite"))]
    return list({competition.id: competition for competition in found}.values())


def _limits(time: str | float, cpus: float | None, memory: str | int | None, gpus: int) -> Limits:
    return Limits(
        time=parse_duration(str(time)),
        cpus=cpus,
        memory=None if memory is None else parse_size(str(memory)),
        gpus=gpus,
    )


def facts(competition: Competition, variant: str | None) -> dict[str, Any]:
    """Return what a reader of the log should know of a competition.

    Parameters
    ----------
    competition : Competition
        The competition.
    variant : str or None
        How its data were prepared.
    """
    return {
        "competition_id": competition.id,
        "name": competition.name,
        "category": competition.category,
        "complexity": competition.complexity,
        "metric": competition.metric,
        "higher_is_better": competition.higher_is_better,
        "flags": list(competition.flags_of(variant)),
    }
