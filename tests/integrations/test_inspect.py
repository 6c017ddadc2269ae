"""The task of Inspect AI, as its package comes, with a model that says what its script says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlegrade import summary
from mlegrade.competitions import get
from mlegrade.data import require_prepared
from mlegrade.errors import NotPreparedError, PrerequisiteError, ReportsError
from mlegrade.grading import Grader, grade
from mlegrade.integrations.inspect.outcome import MEASURES, explain, values
from mlegrade.integrations.inspect.places import compose, surroundings
from mlegrade.prepare import prepare
from mlegrade.runner import Limits
from mlegrade.runner.instructions import instructions
from prepared import damaged
from runner.conftest import _containers_conf, podman  # noqa: F401 fixtures
from runner.packages import install

INSPECT = "inspect-ai==0.3.285"
DIGITS = "optical-digits"
HERE = Path(__file__).parent
SUBMISSION = "submission/submission.csv"

NEIGHBOURS = """
import numpy as np, pandas as pd
train, test = pd.read_csv("data/train.csv"), pd.read_csv("data/test.csv")
pixels = [name for name in test if name.startswith("pixel")]
X, T = train[pixels].to_numpy(float), test[pixels].to_numpy(float)
nearest = ((T[:, None] - X) ** 2).sum(2).argmin(1)
found = pd.DataFrame({"id": test["id"], "digit": train["digit"].to_numpy()[nearest]})
found.to_csv("submission/submission.csv", index=False)
"""


def bash(command: str) -> list[Any]:
    return ["bash", {"command": command}]


CHECK = ["validate_submission", {}]
BASELINE = bash(f"{sys.executable} -c '{NEIGHBOURS}'")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return prepared data of the built-in competition."""
    root = tmp_path_factory.mktemp("data")
    prepare(DIGITS, data_dir=root)
    return root


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install Inspect; return the environment of processes that have it."""
    packages = install("inspect", sys.executable, [INSPECT])
    home = tmp_path_factory.mktemp("home")
    return {**os.environ, "PYTHONPATH": str(packages), "HOME": str(home), "COLUMNS": "200"}


@pytest.fixture(scope="module")
def containers(podman: str) -> dict[str, str]:  # noqa: F811 the fixture
    """Return what Podman needs in its environment, and the name of an image that it has."""
    names = ("HOME", "CONTAINERS_CONF")
    return {"image": podman, **{name: os.environ[name] for name in names if name in os.environ}}


def evaluate(
    folder: Path,
    environment: dict[str, str],
    turns: list[list[Any]],
    task: dict[str, Any],
    **options: Any,
) -> dict[str, Any]:
    """Return what came of a scripted evaluation."""
    request = folder / "request.json"
    asked = {"task": {"sandbox": "local", **task}, "turns": turns, "options": options}
    request.write_text(json.dumps(asked, default=str))
    command = [sys.executable, str(HERE / "scripted.py"), str(request)]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    result = request.with_suffix(".result")
    assert result.is_file(), done.stdout + done.stderr
    return json.loads(result.read_text())


def extract(environment: dict[str, str], log: str, target: Path) -> Path:
    """Write the reports of a log with the module's own command."""
    command = [sys.executable, "-m", "mlegrade.integrations.inspect", log]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    target.write_text(done.stdout)
    return target


@pytest.fixture(scope="module")
def five(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, environment: dict[str, str]
) -> dict[str, Any]:
    """Five epochs: a good submission, one of another form, none, a huge one, a link."""
    answers = data_dir / DIGITS / "prepared" / "private" / "test.csv"
    turns = [
        [CHECK, BASELINE, CHECK],
        [bash(f"echo id,label > {SUBMISSION}; echo 1,2 >> {SUBMISSION}"), CHECK],
        [bash("ls -a data submission")],
        [bash(f"truncate -s 2G {SUBMISSION}"), CHECK],
        [bash(f"ln -s {answers} {SUBMISSION}"), CHECK],
    ]
    task = {"competitions": DIGITS, "data_dir": data_dir, "epochs": len(turns)}
    return evaluate(tmp_path_factory.mktemp("five"), environment, turns, task)


@pytest.mark.slow
class TestFiveEpochs:
    """What one evaluation comes to."""

    def test_each_epoch_has_its_grade(self, five: dict[str, Any]) -> None:
        assert five["status"] == "success"
        assert [(sample["id"], sample["epoch"]) for sample in five["samples"]] == [
            (DIGITS, epoch) for epoch in range(1, 6)
        ]
        scores = [sample["scores"]["mlegrade_scorer"] for sample in five["samples"]]
        good, *bad = scores
        assert good["value"] == {
            "any_medal": 1.0,
            "gold_medal": 0.0,
            "silver_medal": 1.0,
            "bronze_medal": 0.0,
            "above_median": 1.0,
            "valid_submission": 1.0,
            "percentile": pytest.approx(good["metadata"]["percentile"]),
        }
        assert good["explanation"].startswith("Silver medal: accuracy 0.9")
        assert good["answer"] == str(good["metadata"]["score"])
        assert good["metadata"]["meta"] == {"seed": 1, "model": "mockllm/model"}
        assert all(not any(score["value"].values()) for score in bad)
        codes = [score["metadata"]["error"]["code"] for score in bad]
        assert codes == ["missing_column", "not_found", "too_large", "symlink"]
        assert [score["metadata"]["submission_exists"] for score in bad] == [
            True,
            False,
            True,
            True,
        ]
        assert bad[1]["explanation"].startswith("No submission: there is no file")
        assert bad[2]["explanation"].startswith("Invalid submission: the file has more than")

    def test_means_are_over_epochs_and_competitions(self, five: dict[str, Any]) -> None:
        assert list(five["metrics"]) == list(MEASURES)
        assert all(set(found) == {"mean", "stderr"} for found in five["metrics"].values())
        assert five["metrics"]["any_medal"]["mean"] == pytest.approx(1 / 5)

    def test_the_check_tells_the_form_and_no_score(self, five: dict[str, Any]) -> None:
        first, second, third, fourth, fifth = (sample["tools"] for sample in five["samples"])
        nothing = f"The submission is invalid: there is no file {SUBMISSION}."
        assert (first[0], first[2]) == (nothing, "The submission is valid.")
        assert "digit" in second[1]
        assert "test.csv" in third[0]
        assert "more than" in fourth[1]
        assert "symbolic link" in fifth[1]

    def test_samples_hold_the_task_and_facts(self, five: dict[str, Any]) -> None:
        sample = five["samples"][0]
        assert "# Optical Recognition of Handwritten Digits" in sample["input"]
        assert "./submission/submission.csv" in sample["input"]
        assert sample["metadata"]["competition_id"] == DIGITS
        assert sample["metadata"]["metric"] == "accuracy"

    def test_reports_of_a_log_are_summarised(
        self, five: dict[str, Any], environment: dict[str, str], tmp_path: Path
    ) -> None:
        loaded = summary.load(extract(environment, five["log"], tmp_path / "reports.jsonl"))
        assert [run.seed for run in loaded.runs] == ["1", "2", "3", "4", "5"]
        table = summary.summarize(summary.arrange(loaded))
        estimate = table.overall.measures["any_medal"]
        assert (estimate.mean, estimate.sem) == (pytest.approx(20), pytest.approx(20))


@pytest.mark.slow
def test_a_fault_of_the_set_up_is_an_error_and_no_grade(
    environment: dict[str, str], tmp_path: Path
) -> None:
    root = damaged(tmp_path / "data")
    task = {"competitions": [DIGITS], "data_dir": root}
    result = evaluate(tmp_path, environment, [[BASELINE]], task, fail_on_error=False)
    (sample,) = result["samples"]
    assert "the answers are damaged" in sample["error"]
    assert not sample["scores"]
    assert not result["metrics"]
    reports = extract(environment, result["log"], tmp_path / "reports.jsonl")
    with pytest.raises(ReportsError, match=r"was not graded .*answers are damaged"):
        summary.load(reports)


@pytest.mark.slow
def test_what_is_there_when_time_is_up_counts(
    data_dir: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    turns = [[bash(f"cp data/sample_submission.csv {SUBMISSION}"), bash("sleep 300")]]
    task = {"competitions": DIGITS, "data_dir": data_dir, "time_limit": "30s"}
    (sample,) = evaluate(tmp_path, environment, turns, task)["samples"]
    assert sample["limit"] == "time"
    assert sample["scores"]["mlegrade_scorer"]["value"]["valid_submission"] == 1.0
    assert "You have 30 seconds." in sample["input"]


@pytest.mark.slow
def test_a_sandbox_without_the_data_is_an_error(
    data_dir: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    if Path("/home/data").exists():
        pytest.skip("this machine has a /home/data.")
    task = {"competitions": DIGITS, "data_dir": data_dir, "sandbox": "docker"}
    result = evaluate(tmp_path, environment, [[]], task, sandbox="local", fail_on_error=False)
    assert "-T sandbox=local" in result["samples"][0]["error"]


PROBE = """
import os, socket
def tried(function, *words):
    try:
        return function(*words)
    except OSError as error:
        return type(error).__name__
def status(name):
    found = [line.split()[1] for line in open("/proc/self/status") if line.startswith(name + ":")]
    return found[0]
print(sorted(os.listdir("/home")), sorted(os.listdir("/home/data")), os.getcwd(), sep="\\n")
print(tried(open, "/home/data/new.csv", "w"), tried(os.listdir, "/home/private"))
print(int(status("CapEff"), 16), status("NoNewPrivs"), [name for _, name in socket.if_nameindex()])
print(sum(b"answer" in line or b"private" in line for line in open("/proc/self/mountinfo", "rb")))
"""


@pytest.mark.slow
def test_a_container_has_the_public_data_and_no_more(
    data_dir: Path,
    environment: dict[str, str],
    containers: dict[str, str],
    tmp_path: Path,
) -> None:
    """What is made for Docker, kept to by Podman: see podman_sandbox."""
    turns = [
        [
            ["python", {"code": PROBE}],
            bash("cp /home/data/sample_submission.csv /home/submission/submission.csv"),
            CHECK,
        ],
        [bash("mkfifo /home/submission/submission.csv"), CHECK],
    ]
    task = {
        "competitions": DIGITS,
        "data_dir": data_dir,
        "sandbox": "docker",
        "image": containers["image"],
        "memory": "1g",
        "cpus": 1,
        "epochs": 2,
    }
    result = evaluate(tmp_path, environment | containers, turns, task, sandbox="podman")
    first, second = result["samples"]
    assert (first["error"], second["error"]) == (None, None)
    assert first["tools"][0].splitlines() == [
        "['code', 'data', 'logs', 'submission']",
        "['sample_submission.csv', 'test.csv', 'train.csv']",
        "/home/code",
        "OSError FileNotFoundError",
        "0 1 ['lo']",
        "0",
    ]
    assert first["tools"][2] == "The submission is valid."
    assert "`/home/submission/submission.csv`" in first["input"]
    assert first["scores"]["mlegrade_scorer"]["value"]["valid_submission"] == 1.0
    assert "not a regular file" in second["tools"][1]
    assert second["scores"]["mlegrade_scorer"]["metadata"]["error"]["code"] == "not_a_file"


def command_line(environment: dict[str, str], folder: Path, *words: str) -> Any:
    """Return what the command ``inspect`` came to."""
    command = [sys.executable, "-c", "from inspect_ai._cli.main import main; main()", *words]
    return subprocess.run(
        [*command, "--display", "plain"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_page_of_the_documentation_shows_what_works(
    data_dir: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Its solver, with damaged answers first, then again when they are mended."""
    page = (HERE.parents[1] / "docs" / "inspect.md").read_text()
    solver = page.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "sample_submission.py").write_text(solver)
    root = damaged(tmp_path / "data")
    words = ["-T", f"competitions={DIGITS}", "-T", "data_dir=data", "-T", "sandbox=local"]
    words += ["--solver", "sample_submission.py", "--model", "none"]
    command_line(environment, tmp_path, "eval", "mlegrade/mle_bench", *words)
    (log,) = (tmp_path / "logs").glob("*.eval")
    answers = root / DIGITS / "prepared" / "private" / "test.csv"
    answers.write_bytes((data_dir / DIGITS / "prepared" / "private" / "test.csv").read_bytes())
    done = command_line(environment, tmp_path, "eval-retry", str(log))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((tmp_path / "logs").glob("*.eval"))) == 2
    # The last log of an evaluation counts, and no other.
    reports = extract(environment, str(tmp_path / "logs"), tmp_path / "reports.jsonl")
    (run,) = summary.load(reports).runs
    assert run.report.valid_submission
    assert run.report.medal is None


@pytest.mark.slow
def test_the_command_line_names_what_is_not_prepared(
    data_dir: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    words = ["-T", f"competitions={DIGITS},spooky,tgs-salt", "-T", f"data_dir={data_dir}"]
    done = command_line(
        environment, tmp_path, "eval", "mlegrade/mle_bench", *words, "--model", "none"
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "logs").exists()
    two = "spooky-author-identification tgs-salt-identification-challenge"
    told = " ".join(done.stdout.split())
    assert f"Run `mlegrade prepare {two} --data-dir {data_dir}`." in told


REFUSED = """
import sys
from mlegrade.integrations.inspect import mle_bench
for words in (
    {}, {"competitions": "spoky-author"}, {"competitions": "optical-digits", "split": "lite"},
    {"competitions": "optical-digits", "time_limit": "soon"},
    {"competitions": "optical-digits", "memory": "much"}, {"split": "huge"},
):
    try:
        mle_bench(data_dir=sys.argv[1], **words)
    except Exception as error:
        print(type(error).__name__, error.message)
"""


@pytest.mark.slow
def test_what_cannot_be_is_refused(data_dir: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", REFUSED, str(data_dir)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told = done.stdout.splitlines()
    assert len(told) == 6
    assert all(line.startswith("PrerequisiteError ") for line in told)
    assert "mlegrade prepare aerial-cactus" in told[0]  # the split lite, where nothing is named
    assert "Did you mean" in told[1]
    assert "not both" in told[2]
    assert "'soon' is no duration" in told[3]
    assert "'much' is no size" in told[4]
    assert "huge" in told[5]


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import mlegrade.integrations.inspect as integration

    for name in [name for name in sys.modules if name.partition(".")[0] == "inspect_ai"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    with pytest.raises(PrerequisiteError, match=r"pip install 'mlegrade\[inspect\]'"):
        _ = integration.mle_bench
    with pytest.raises(AttributeError, match="no attribute 'grade'"):
        _ = integration.grade


@pytest.fixture
def service(data_dir: Path) -> dict[str, Any]:
    public = data_dir / DIGITS / "prepared" / "public"
    limits = Limits(cpus=4, memory=8 << 30, gpus=1)
    return compose(get(DIGITS), public, limits, image="agents")["services"]["default"]


def test_a_sandbox_sees_the_public_data_and_nothing_else(
    service: dict[str, Any], data_dir: Path
) -> None:
    (mount,) = service["volumes"]
    assert mount["source"] == str(data_dir / DIGITS / "prepared" / "public")
    assert (mount["target"], mount["read_only"]) == ("/home/data", True)
    assert "private" not in json.dumps(service)
    assert service["network_mode"] == "none"
    assert service["cap_drop"] == ["ALL"]


def test_a_sandbox_has_its_limits(service: dict[str, Any]) -> None:
    assert (service["cpus"], service["mem_limit"]) == (4, str(8 << 30))
    assert service["memswap_limit"] == 8 << 30
    (gpus,) = service["deploy"]["resources"]["reservations"]["devices"]
    assert gpus["count"] == 1
    assert "build" not in service


def test_without_an_image_one_is_built(tmp_path: Path) -> None:
    made = compose(get(DIGITS), tmp_path / "$public", Limits(), build=tmp_path)
    service = made["services"]["default"]
    assert service["build"] == {"context": str(tmp_path), "dockerfile": "Containerfile"}
    assert service["volumes"][0]["source"] == f"{tmp_path}/$$public"  # Compose fills in variables
    assert not {"cpus", "mem_limit", "deploy"} & service.keys()


def test_an_obfuscated_task_covers_what_others_have_prepared(tmp_path: Path) -> None:
    (tmp_path / "description.md").write_text("# Optical Digits\n")
    made = compose(get(DIGITS), tmp_path, Limits(), image="agents", obfuscated=True)
    data, told = made["services"]["default"]["volumes"]
    assert data["source"] == str(tmp_path)
    assert told["target"] == "/home/data/description.md"
    assert Path(told["source"]).name == "description_obfuscated.md"


@pytest.mark.parametrize(("sandbox", "root"), [("docker", "/home"), ("local", ".")])
def test_an_agent_is_told_what_is_so(sandbox: str, root: str) -> None:
    text = instructions(get(DIGITS), Limits(time=60), surroundings=surroundings(sandbox))
    assert f"`{root}/submission/submission.csv`" in text
    assert "`validate_submission`" in text
    assert "You have 1 minute. Then you are stopped" in text
    for absent in ("localhost", "SEED", "TIME_LIMIT_SECS", "Your files may take", "your memory"):
        assert absent not in text
    memory = instructions(
        get(DIGITS), Limits(memory=2 << 30), surroundings=surroundings(sandbox), network="bridge"
    )
    assert "7. Your memory may take 2,048 MiB." in memory
    assert "There is a network." in memory


def test_an_outcome_in_numbers_and_words(data_dir: Path) -> None:
    prepared = data_dir / DIGITS / "prepared"
    grader = Grader(DIGITS, data_dir=data_dir)
    best = grader(prepared / "private" / "test.csv")
    assert values(best)["gold_medal"] == values(best)["any_medal"] == 1.0
    assert explain(best).startswith("Gold medal: accuracy 1.0 (higher is better), better than 1")
    sample = grader(prepared / "public" / "sample_submission.csv")
    assert values(sample)["valid_submission"] == 1.0
    assert explain(sample).startswith("No medal: accuracy 0.0")
    assert values(grader(b""))["percentile"] == 0.0
    assert explain(grader(b"")).startswith("Invalid submission: ")
    assert explain(grader(prepared / "nothing.csv")).startswith("No submission: there is no file")


def test_answers_that_are_missing_are_named_before_anything_runs(
    data_dir: Path, tmp_path: Path
) -> None:
    file = get(DIGITS).answers_file
    require_prepared({DIGITS: file}, data_dir)
    (tmp_path / DIGITS / "prepared" / "public").mkdir(parents=True)
    require_prepared({DIGITS: None}, tmp_path)
    with pytest.raises(NotPreparedError, match=f"answers of {DIGITS} are missing. Run `mlegrade"):
        require_prepared({DIGITS: file}, tmp_path)


def test_the_parts_take_a_report_of_a_competition_without_lines() -> None:
    answers = b"id,EAP,HPL,MWS\na,1,0,0\nb,0,1,0\n"
    report = grade(answers, "spooky-author", answers=answers)
    bare = replace(report, medal=None, gold_threshold=None, percentile=None)
    assert explain(bare).endswith("the competition has no medal lines.")


@pytest.mark.slow
def test_a_log_that_cannot_be_read_is_told_of_in_a_line(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "broken.eval").write_text("no log")
    for name in ("none", "none.eval", "broken.eval"):
        command = [sys.executable, "-m", "mlegrade.integrations.inspect", str(tmp_path / name)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 3
        assert done.stdout == ""
        assert done.stderr.startswith("error: a log cannot be read: ")
        assert done.stderr.count("\n") == 1
