"""Tasks of Harbor: what is written, what is refused, what the verifier makes of submissions."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from integrations.harbor_tasks import all_tasks, content, made_up_data, placed, verified
from mlegrade.cli import cli
from mlegrade.competitions import _catalogue, get, ids, register
from mlegrade.errors import NotPreparedError, SetupError, UnknownCompetitionError
from mlegrade.integrations.harbor import TaskOptions, export, plan, verify
from mlegrade.integrations.harbor.verifying import main
from mlegrade.runner import Limits
from prepared import DIGITS, data_dir, perfect, with_errors
from runner.helpers import ROWS, TINY, table, write_competition, write_data

if TYPE_CHECKING:
    from pathlib import Path

SPOOKY = "spooky-author-identification"
FILES = {
    "environment/Dockerfile",
    "environment/data/sample_submission.csv",
    "environment/data/test.csv",
    "environment/data/train.csv",
    "environment/validate_submission.sh",
    "instruction.md",
    "solution/solve.sh",
    "solution/submission.csv",
    "task.toml",
    "tests/Dockerfile",
    "tests/prepared/mlegrade.json",
    "tests/prepared/private/test.csv",
    "tests/test.sh",
    "tests/verify.json",
}


def exported(out: Path, **options: Any) -> Path:
    """Export the built-in competition; return the task's folder."""
    (one,) = export([DIGITS], out=out, data_dir=data_dir(), options=TaskOptions(**options))
    assert one.state == "exported"
    return one.folder


def wheel(folder: Path, entry: str = "mlegrade/integrations/harbor/__main__.py") -> Path:
    """Write what looks like a wheel."""
    path = folder / "mlegrade-9.9-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "")
    return path


def test_a_task_has_these_files(tmp_path: Path) -> None:
    task = exported(tmp_path)
    assert content(task).keys() == FILES
    private = (task / "tests/prepared/private/test.csv").read_bytes()
    assert private == (data_dir() / DIGITS / "prepared/private/test.csv").read_bytes()
    scripts = [path for path in task.rglob("*") if path.is_file() and os.access(path, os.X_OK)]
    assert {path.name for path in scripts} == {"solve.sh", "test.sh", "validate_submission.sh"}


def test_the_configuration_says_what_was_asked_for(tmp_path: Path) -> None:
    limits = Limits(time=7200, cpus=1.5, memory=3 << 30, disk=1 << 30, gpus=2)
    task = exported(tmp_path, limits=limits, reward="medal")
    config = tomllib.loads((task / "task.toml").read_text())
    assert config["schema_version"] == "1.4"
    assert config["artifacts"] == ["/home/submission"]
    assert config["task"]["name"] == f"mlegrade/{DIGITS}"
    assert config["metadata"]["reward"] == "medal"
    assert config["metadata"]["data_variant"] == "mle-bench"
    assert config["agent"] == {"timeout_sec": 7200.0}
    environment = config["environment"]
    assert environment["network_mode"] == "no-network"
    assert (environment["cpus"], environment["memory_mb"], environment["gpus"]) == (1.5, 3072, 2)
    assert 1024 < environment["storage_mb"] <= 1026
    assert config["verifier"]["environment_mode"] == "separate"
    assert config["verifier"]["environment"]["network_mode"] == "no-network"
    assert "TIME_LIMIT_SECS=7200\n" in (task / "environment/Dockerfile").read_text()
    assert "You have 2 hours." in (task / "instruction.md").read_text()


def test_networks(tmp_path: Path) -> None:
    def modes(task: Path) -> tuple[Any, Any, Any]:
        config = tomllib.loads((task / "task.toml").read_text())
        environment, verifier = config["environment"], config["verifier"]["environment"]
        hosts = environment.get("allowed_hosts")
        return environment["network_mode"], hosts, verifier["network_mode"]

    open_to_all = exported(tmp_path / "a", network="public")
    assert modes(open_to_all) == ("public", None, "public")
    assert "There is a network." in (open_to_all / "instruction.md").read_text()
    some = exported(tmp_path / "b", allowed_hosts=("api.example.org", "*.example.com"))
    assert modes(some) == ("allowlist", ["api.example.org", "*.example.com"], "no-network")
    assert "There is a network." in (some / "instruction.md").read_text()


def test_a_dockerfile_of_ones_own_comes_first_and_keeps_its_user(tmp_path: Path) -> None:
    own = tmp_path / "Dockerfile"
    own.write_text("FROM a AS b\nUSER x\nFROM c:1\nRUN useradd agent\nUSER agent\n")
    task = exported(tmp_path / "out", dockerfile=own, packages=("torch>=2", "x[y]"))
    lines = (task / "environment/Dockerfile").read_text().splitlines()
    assert lines[:5] == own.read_text().splitlines()
    assert lines[6] == "USER root"
    assert lines[-1] == "USER agent"
    (pip,) = [line for line in lines if "pip" in line]
    assert json.loads(pip.removeprefix("RUN "))[-3:-1] == ["torch>=2", "x[y]"]


def test_a_wheel_goes_where_it_is_installed(tmp_path: Path) -> None:
    task = exported(tmp_path / "out", wheel=wheel(tmp_path))
    for part in ("environment", "tests"):
        assert (task / part / "mlegrade-9.9-py3-none-any.whl").is_file()
        text = (task / part / "Dockerfile").read_text()
        assert "COPY mlegrade-9.9-py3-none-any.whl /opt/mlegrade/\n" in text
        assert "/opt/mlegrade/mlegrade-9.9-py3-none-any.whl" in text


def test_titles_can_be_hidden(tmp_path: Path) -> None:
    """The name of the competition is nowhere in what the agent gets."""
    data = tmp_path / "data"
    shutil.copytree(made_up_data() / SPOOKY, data / SPOOKY)
    (data / SPOOKY / "prepared/public/description_obfuscated.md").write_text("a task\n")
    options = TaskOptions(obfuscated=True)
    (one,) = export([SPOOKY], out=tmp_path / "out", data_dir=data, options=options)
    seen = content(one.folder / "environment")
    seen["instruction.md"] = (one.folder / "instruction.md").read_bytes()
    assert seen.keys().isdisjoint({"data/description.md", "data/description_obfuscated.md"})
    assert "validate_submission.sh" not in seen
    assert not any(b"spooky" in text.lower() or b"mlegrade==" in text for text in seen.values())


def test_without_the_validator_nothing_of_mlegrade_is_there(tmp_path: Path) -> None:
    task = exported(tmp_path / "out", validator=False, wheel=wheel(tmp_path))
    seen = content(task / "environment")
    assert "validate_submission.sh" not in seen
    assert not any("mlegrade" in name for name in seen)
    assert b"pip" not in seen["Dockerfile"]
    assert "validate_submission" not in (task / "instruction.md").read_text()


def test_the_validator_validates(tmp_path: Path) -> None:
    """Its line works as it stands, but for the places."""
    text = (exported(tmp_path) / "environment/validate_submission.sh").read_text()
    public = data_dir() / DIGITS / "prepared" / "public"
    text = text.replace("/home/data", str(public)).replace("python3", sys.executable)
    for name, code in (("sample_submission.csv", 0), ("train.csv", 1)):
        command = ["/bin/sh", "-c", text, "validate", str(public / name)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code


@pytest.mark.parametrize("name", ids())
def test_every_competition_becomes_a_task(name: str, tmp_path: Path) -> None:
    """What the answers say gets the best reward, nothing gets none, and the agent sees neither."""
    one = all_tasks()[name]
    assert one.solution, one.why_no_solution
    task = one.folder
    config = tomllib.loads((task / "task.toml").read_text())
    assert config["metadata"]["title"] == get(name).name
    answers = (task / "tests/prepared/private" / get(name).answers_file).read_bytes()
    solution = (task / "solution/submission.csv").read_bytes()
    for seen, found in content(task / "environment").items():
        assert found not in {answers, solution}, seen
        assert answers not in found, seen
    report, given = verified(task, tmp_path / "oracle", solution)
    assert (given["reward"], given["valid_submission"]) == (1.0, 1), report
    assert given["gold_medal"] == 1
    report, given = verified(task, tmp_path / "nothing", None)
    assert (given["reward"], given["valid_submission"], given["submission_exists"]) == (0.0, 0, 0)
    assert "score" not in given
    assert json.loads((tmp_path / "nothing/logs/report.json").read_text()) == report.to_dict()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    names = [DIGITS, DIGITS]
    first, second = (
        export(names, out=tmp_path / out, data_dir=data_dir(), link=link)
        for out, link in (("a", False), ("b", True))
    )
    assert len(first) == len(second) == 1
    assert content(first[0].folder) == content(second[0].folder)
    linked = second[0].folder / "environment/data/train.csv"
    assert linked.samefile(data_dir() / DIGITS / "prepared/public/train.csv")
    assert (first[0].folder / "environment/data/train.csv").stat().st_nlink == 1


def test_an_interrupted_export_goes_on(tmp_path: Path) -> None:
    names = [SPOOKY, "leaf-classification", "nomad2018"]
    whole = export(names, out=tmp_path / "whole", data_dir=made_up_data())
    seen = []

    def interrupt(name: str, what: str, done: int, total: int) -> None:
        seen.append((name, what, done, total))
        if name == "leaf-classification":
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        export(names, out=out, data_dir=made_up_data(), progress=interrupt)
    assert [path.name for path in out.iterdir() if path.is_dir()] == [SPOOKY]
    copied = [done for name, what, done, _ in seen if (name, what) == (SPOOKY, "copying")]
    assert copied[-1] == next(total for _, _, _, total in seen)
    # As a process leaves it that was killed.
    (out / ".leaf-classification.partial").mkdir()
    (out / ".leaf-classification.partial" / "task.toml").touch()
    again = export(names, out=out, data_dir=made_up_data())
    assert [one.state for one in again] == ["already there", "exported", "exported"]
    assert all(one.solution for one in again)
    for one, other in zip(whole, again, strict=True):
        assert content(one.folder) == content(other.folder)
    assert not list(out.glob(".*.partial"))


def test_other_tasks_are_replaced_only_when_told_to(tmp_path: Path) -> None:
    task = exported(tmp_path)
    other = TaskOptions(reward="percentile")
    with pytest.raises(SetupError, match=f"{DIGITS}: there is something else.*--force"):
        export([DIGITS], out=tmp_path, data_dir=data_dir(), options=other)
    assert '"any_medal"' in (task / "tests/verify.json").read_text()
    (one,) = export([DIGITS], out=tmp_path, data_dir=data_dir(), options=other, force=True)
    assert one.state == "replaced"
    assert '"percentile"' in (task / "tests/verify.json").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mlegrade-export", DIGITS]


def test_a_task_that_lost_a_file_is_no_whole_one(tmp_path: Path) -> None:
    task = exported(tmp_path)
    (task / "environment/data/test.csv").unlink()
    assert plan([DIGITS], out=tmp_path, data_dir=data_dir(), force=True).states == {
        DIGITS: "replaced"
    }


def test_what_is_not_prepared_is_named_before_anything_is_written(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_dir(), data)
    bare = data / SPOOKY / "prepared"
    shutil.copytree(made_up_data() / SPOOKY / "prepared", bare)
    (bare / "mlegrade.json").write_text('{"answers_only": true}')
    names = [DIGITS, "leaf-classification", SPOOKY, "nomad2018"]
    with pytest.raises(NotPreparedError) as caught:
        export(names, out=tmp_path / "out", data_dir=data)
    nomad = "nomad2018-predict-transparent-conductors"
    assert f"leaf-classification, {nomad} is not prepared" in str(caught.value)
    assert f"of {SPOOKY} only the answers are prepared" in str(caught.value)
    told = f"Run `mlegrade prepare leaf-classification {nomad} {SPOOKY} --data-dir {data}`."
    assert caught.value.mend == told
    assert not (tmp_path / "out").exists()


def test_public_data_without_a_file_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_dir(), data)
    public = data / DIGITS / "prepared" / "public"
    shutil.rmtree(public)
    (public / "empty").mkdir(parents=True)
    with pytest.raises(NotPreparedError, match=f"of {DIGITS} there is nothing to work on"):
        export([DIGITS], out=tmp_path / "out", data_dir=data)
    assert not (tmp_path / "out").exists()


def test_what_fixes_mend_is_no_issue_of_a_task(tmp_path: Path) -> None:
    name = "h-and-m-personalized-fashion-recommendations"
    data = tmp_path / "data"
    shutil.copytree(made_up_data() / name, data / name)
    found = {}
    for variant in ("mle-bench", "fixes"):
        (data / name / "prepared" / "mlegrade.json").write_text(f'{{"variant": "{variant}"}}')
        export([name], out=tmp_path / variant, data_dir=data)
        found[variant] = tomllib.loads((tmp_path / variant / name / "task.toml").read_text())
    issues = {variant: config["metadata"]["known_issues"] for variant, config in found.items()}
    assert set(issues["fixes"]) < set(issues["mle-bench"])


def test_nothing_is_written_where_something_is_amiss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def refused(match: str, error: type[Exception] = SetupError, **options: Any) -> None:
        names = options.pop("names", [DIGITS])
        with pytest.raises(error, match=match):
            export(names, out=out, data_dir=data_dir(), **options)
        assert not out.exists()

    refused("nothing to export", names=[])
    refused("no competition", error=UnknownCompetitionError, names=["no-such"])
    refused("no Dockerfile", options=TaskOptions(dockerfile=tmp_path / "none"))
    refused("is no wheel", options=TaskOptions(wheel=tmp_path / "none.whl"))
    refused("no wheel of a mlegrade", options=TaskOptions(wheel=wheel(tmp_path, "other.py")))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    refused("GB are to be copied .* 0.0 GB are free")


@pytest.mark.parametrize(
    "options",
    [
        {"reward": "gold"},
        {"network": "bridge"},
        {"network": "public", "allowed_hosts": ("a",)},
        {"allowed_hosts": ("https://a b",)},
        {"image": "a b"},
        {"packages": ("--index-url",)},
        {"verifier_image": ""},
    ],
)
def test_options_that_are_none(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"is no|is called|not both"):
        TaskOptions(**options)


def test_public_data_with_the_answers_in_it_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_dir(), data)
    prepared = data / DIGITS / "prepared"
    (prepared / "public" / "notes.txt").symlink_to(prepared / "private" / "test.csv")
    with pytest.raises(SetupError, match=r"notes\.txt is the answers file"):
        export([DIGITS], out=tmp_path / "out", data_dir=data)
    (prepared / "public" / "notes.txt").unlink()
    (prepared / "public" / "more").symlink_to(prepared / "private")
    with pytest.raises(SetupError, match="link to a folder"):
        export([DIGITS], out=tmp_path / "out", data_dir=data)


def test_one_export_at_a_time(tmp_path: Path) -> None:
    with (tmp_path / ".mlegrade-export").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SetupError, match="another export"):
            export([DIGITS], out=tmp_path, data_dir=data_dir())


def test_answers_that_no_submission_can_repeat_leave_the_solution_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlegrade.integrations.harbor import solution

    poor = with_errors(100).to_csv(index=False).encode()
    monkeypatch.setattr(solution, "perfect_submission", lambda *_: poor)
    (one,) = export([DIGITS], out=tmp_path / "a", data_dir=data_dir())
    assert not one.solution
    assert "no gold medal: its score is 0." in str(one.why_no_solution)
    assert not (one.folder / "solution").exists()
    monkeypatch.setattr(solution, "perfect_submission", lambda *_: b"a\n1\n")
    (one,) = export([DIGITS], out=tmp_path / "b", data_dir=data_dir())
    assert "would be invalid: " in str(one.why_no_solution)


def test_a_competition_of_ones_own_brings_its_folder(tmp_path: Path) -> None:
    """The verifier, where nobody has registered it, grades it all the same."""
    register(write_competition(tmp_path / "tiny"))
    try:
        (one,) = export([TINY], out=tmp_path / "out", data_dir=write_data(tmp_path / "data"))
    finally:
        _catalogue._registered.pop(TINY)
    assert (one.folder / "tests/competition/grader.py").is_file()
    assert not (one.folder / "environment/validate_submission.sh").exists()
    try:
        right = table(lambda row: int(row % 3 == 0)).encode()
        report, given = verified(one.folder, tmp_path / "scratch", right)
    finally:
        _catalogue._registered.pop(TINY, None)
    assert (given["reward"], report.score) == (1.0, 1.0)
    assert len(right.splitlines()) == ROWS + 1


def test_rewards(tmp_path: Path) -> None:
    """Each kind is the library's, and the other numbers stand beside it."""
    middling = with_errors(20).to_csv(index=False).encode()
    found = {}
    for kind in ("any_medal", "medal", "percentile", "normalized"):
        task = exported(tmp_path / kind, reward=kind)
        report, given = verified(task, tmp_path / f"{kind}-scratch", middling)
        found[kind] = given.pop("reward")
        assert given["score"] == report.score
        assert given["percentile"] == report.percentile
        assert given["above_median"] == 1
        assert all(isinstance(value, int | float) for value in given.values())
    assert found["any_medal"] == 1.0
    assert found["medal"] in {1 / 3, 2 / 3}
    assert 0 < found["normalized"] < 1
    assert 0.5 < found["percentile"] < 1


def test_a_reward_that_a_competition_does_not_have_is_refused(tmp_path: Path) -> None:
    register(write_competition(tmp_path / "tiny"))
    try:
        with pytest.raises(SetupError, match=f"no leaderboard of {TINY}, thus no reward"):
            export(
                [TINY],
                out=tmp_path / "out",
                data_dir=write_data(tmp_path / "data"),
                options=TaskOptions(reward="percentile"),
            )
    finally:
        _catalogue._registered.pop(TINY)


def test_an_invalid_submission_has_the_reward_0_and_a_reason(tmp_path: Path) -> None:
    report, given = verified(exported(tmp_path / "out"), tmp_path / "scratch", b"id\n1\n")
    assert (given["reward"], given["valid_submission"], given["submission_exists"]) == (0.0, 0, 1)
    assert report.error is not None
    assert report.error["code"] == "missing_column"


@pytest.mark.parametrize("what", ["folder", "link", "link to a folder"])
def test_what_is_no_file_is_no_submission(tmp_path: Path, what: str) -> None:
    config = placed(exported(tmp_path / "out"), tmp_path / "scratch", None)
    place = tmp_path / "scratch/submission/submission.csv"
    if what == "folder":
        place.mkdir()
    elif what == "link to a folder":
        elsewhere = tmp_path / "elsewhere"
        place.parent.rename(elsewhere)
        (elsewhere / place.name).write_bytes(perfect().to_csv(index=False).encode())
        place.parent.symlink_to(elsewhere)
    else:
        place.symlink_to(tmp_path / "scratch/tests/prepared/private/test.csv")
    report = verify(config, tmp_path / "logs")
    assert not report.valid_submission
    assert report.submission_path == str(place)
    assert json.loads((tmp_path / "logs/reward.json").read_text())["reward"] == 0.0


def test_a_fault_of_the_set_up_is_no_reward(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = exported(tmp_path / "out")
    right = perfect().to_csv(index=False).encode()

    def fails(name: str, spoil: Any, match: str) -> None:
        scratch = tmp_path / name
        config = placed(task, scratch, right)
        arguments = [str(config), "--out", str(scratch / "logs")]
        assert main(arguments) == 0
        assert json.loads(capsys.readouterr().out)["reward"] == 1.0
        spoil(scratch)
        assert main(arguments) == 3
        assert not (scratch / "logs/reward.json").exists()
        told = capsys.readouterr()
        assert told.out == ""
        assert match in told.err

    private = "tests/prepared/private/test.csv"
    fails("a", lambda place: (place / private).unlink(), "no reward: ")
    fails("b", lambda place: (place / private).write_bytes(b"id,digit\n1,1\n"), "was exported")
    fails("c", lambda place: (place / private).write_bytes(b"\0"), "no reward: ")
    fails("d", lambda place: shutil.rmtree(place / "submission"), "was not brought here")
    fails("e", lambda place: (place / "tests/verify.json").write_text("{}"), "Export the task")
    fails("f", lambda place: (place / "tests/verify.json").unlink(), "Export the task")


def test_the_verifier_is_a_program(tmp_path: Path) -> None:
    """`test.sh` calls it, and no other command."""
    task = exported(tmp_path / "out")
    script = (task / "tests/test.sh").read_text()
    assert "\nexec python3 -m mlegrade.integrations.harbor /tests/verify.json\n" in script
    config = placed(task, tmp_path / "scratch", perfect().to_csv(index=False).encode())
    command = [sys.executable, "-m", "mlegrade.integrations.harbor", config]
    done = subprocess.run([*command, "--out", tmp_path / "logs"], capture_output=True, check=True)
    assert json.loads(done.stdout) == json.loads((tmp_path / "logs/reward.json").read_text())
    assert stat.S_IMODE((tmp_path / "logs/reward.json").stat().st_mode) & 0o444 == 0o444


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["export", "harbor", *map(str, arguments)])


def test_the_command_says_how_much_and_what_became_of_it(tmp_path: Path) -> None:
    where = ("--data-dir", data_dir(), "--out", tmp_path)
    result = call(DIGITS, *where, "--link", "--reward", "medal", "--memory", "2g")
    assert result.exit_code == 0
    assert "kB to link for 1 of 1 tasks\n1/1  optical-digits  exported\n" in result.stderr
    assert result.stdout.startswith(f"{DIGITS}\texported\t")
    assert result.stdout.endswith("\tyes\n")
    assert "memory_mb = 2048\n" in (tmp_path / DIGITS / "task.toml").read_text()
    result = call(DIGITS, *where, "--reward", "medal", "--memory", "2g", "--json")
    (one,) = json.loads(result.stdout)
    assert one["state"] == "already there"
    assert one["folder"] == str(tmp_path / DIGITS)
    assert one["solution"] is True
    result = call(DIGITS, *where)
    assert result.exit_code == 3
    assert "--force" in result.stderr


def test_the_command_asks_for_what_the_library_does_by_itself(tmp_path: Path) -> None:
    assert call(DIGITS, "--data-dir", data_dir(), "--out", tmp_path / "a").exit_code == 0
    assert content(tmp_path / "a" / DIGITS) == content(exported(tmp_path / "b"))


def test_a_task_without_a_solution_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlegrade.integrations.harbor import solution

    monkeypatch.setattr(solution, "perfect_submission", lambda *_: b"a\n1\n")
    result = call(DIGITS, "--data-dir", data_dir(), "--out", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.endswith("\tno\n")
    assert f"{DIGITS}: the submission that says what the answers say" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "name a competition"),
        (["no-such-competition"], 2, "no competition is called"),
        ([DIGITS, "--allow-host", "a b"], 2, "is no name and no address of a host."),
        ([DIGITS, "--time-limit", "0"], 2, "has to be a number above 0."),
        ([DIGITS, "--wheel", "none.whl"], 2, "none.whl"),
        (["leaf"], 3, "mlegrade prepare leaf-classification"),
    ],
)
def test_the_command_refuses(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    out = tmp_path / "out"
    result = call(*arguments, "--data-dir", data_dir(), "--out", out, "--json")
    assert result.exit_code == code
    assert told in json.loads(result.stdout)["error"]["message"]
    assert not out.exists()
