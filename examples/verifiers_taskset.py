"""mlegrade's competitions as an environment of Prime Intellect's verifiers, to evaluate and train.

``PYTHONPATH=examples vf-eval verifiers-taskset --model MODEL --env.agent.runtime.type docker`` runs
it. A sandbox gets the public data; the answers stay here, with the grader.
"""

import asyncio
import io
import tarfile
from pathlib import Path

import verifiers.v1 as vf

import mlegrade
from mlegrade.batch import kept_grader
from mlegrade.data import paths, require_prepared
from mlegrade.rewards import RewardKind
from mlegrade.runner import Limits
from mlegrade.runner.instructions import Surroundings, instructions

__all__ = ["CompetitionTaskset"]

FILE = "submission/submission.csv"
SANDBOX = Surroundings(
    check="",
    end="Then you are stopped, whatever you are at, and what is in `submission.csv` counts.",
    places="\nThese names begin at the folder that your commands start in.",
    root=".",
    disk=False,
)
UNPACK = "tar -xf data.tar && rm data.tar && mkdir -p submission code logs"
LOOK = """\
if [ -L "$1" ] || [ ! -f "$1" ] || [ ! -r "$1" ]; then echo not_found
elif [ "$(wc -c < "$1")" -gt "$2" ]; then echo too_large
else echo file
fi"""
WRONG = {
    "not_found": f"there is no regular, readable file {FILE}.",
    "too_large": f"{FILE} is larger than a submission may be.",
}


async def fetch(runtime: vf.Runtime, max_bytes: int) -> bytes | mlegrade.InvalidSubmissionError:
    """Return the submission in a sandbox, or why there is none; raise where nothing answers."""
    seen = await runtime.run(["sh", "-c", LOOK, "sh", FILE, str(max_bytes)], {})
    code = seen.stdout.strip()
    if code in WRONG:
        return mlegrade.InvalidSubmissionError(code, WRONG[code])
    return await runtime.read(FILE, max_bytes=max_bytes)


def packed(folder: Path) -> bytes:
    """Return a tar file of a folder, which is called ``data`` there."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", dereference=True) as tar:
        tar.add(folder.resolve(), "data")
    return file.getvalue()


class CompetitionData(vf.TaskData):
    """A task, as traces show it."""

    competition_id: str


class GradingConfig(vf.TaskConfig):
    """``--env.taskset.task.*``: where the data is, and what the reward is of `mlegrade.reward`."""

    data_dir: Path | None = None
    kind: RewardKind = "any_medal"


class CompetitionTask(vf.Task[CompetitionData, vf.State, GradingConfig]):
    """One competition. A `mlegrade.SetupError` becomes its rollout's error: no reward, not 0."""

    async def setup(self, runtime: vf.Runtime) -> None:
        """Bring the public data; damaged answers show here, before any model is asked."""
        kept_grader(self.data.competition_id, data_dir=self.config.data_dir)
        public = paths(self.data.competition_id, self.config.data_dir).public
        await runtime.write("data.tar", await asyncio.to_thread(packed, public))
        done = await runtime.run(["sh", "-c", UNPACK], {})
        if done.exit_code:
            raise mlegrade.SetupError(f"the sandbox cannot unpack the data: {done.stderr.strip()}")

    async def finalize(self, trace: vf.Trace, runtime: vf.Runtime) -> None:
        """Grade what the agent has left, and keep the report in the trace."""
        grader = kept_grader(self.data.competition_id, data_dir=self.config.data_dir)
        submission = await fetch(runtime, grader.max_bytes)
        report = await asyncio.to_thread(grader, submission, meta={"seed": trace.id})
        trace.info["report"] = report.to_dict()

    @vf.reward
    async def reward(self, trace: vf.Trace) -> float:
        """Return what the submission is worth; 0 if it is missing or invalid."""
        report = mlegrade.GradeReport.from_dict(trace.info["report"])
        return mlegrade.reward(report, self.config.kind)

    @vf.metric
    async def measures(self, trace: vf.Trace) -> dict[str, float]:
        """Return numbers that have a mean; an invalid submission beats nobody."""
        report = mlegrade.GradeReport.from_dict(trace.info["report"])
        found: dict[str, float] = {
            "any_medal": report.any_medal,
            "valid_submission": report.valid_submission,
        }
        if mlegrade.competition(report.competition_id).leaderboard():
            found["percentile"] = report.percentile or 0.0
        return found


class CompetitionsConfig(vf.TasksetConfig):
    """``--env.taskset.*``: which competitions, the seconds for each, whether there is a network."""

    competitions: list[str] = ["optical-digits"]  # noqa: RUF012 every config gets a copy
    time_limit: float = 24 * 3600
    online: bool = False
    task: GradingConfig = GradingConfig()


class CompetitionTaskset(vf.Taskset[CompetitionTask, CompetitionsConfig]):
    """A task for each competition."""

    def load(self) -> list[CompetitionTask]:
        """Return the tasks; what is not prepared is named before any of them runs."""
        chosen = [mlegrade.competition(name) for name in self.config.competitions]
        require_prepared({one.id: one.answers_file for one in chosen}, self.config.task.data_dir)
        return [CompetitionTask(self.data_of(one), self.config.task) for one in chosen]

    def data_of(self, competition: mlegrade.Competition) -> CompetitionData:
        """Return what a task says: the instructions, the description, and its limits."""
        online, limits = self.config.online, Limits(time=self.config.time_limit)
        network = "public" if online else "none"
        return CompetitionData(
            id=competition.id,
            competition_id=competition.id,
            prompt=instructions(competition, limits, network=network, surroundings=SANDBOX),
            network_allow=["*"] if online else [],
            timeout=vf.TaskTimeout(agent=limits.time),
        )
