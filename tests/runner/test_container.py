"""What an agent in a container can do, tried from inside by agents that try."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import time
from functools import partial
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

from mlegrade.errors import SetupError
from mlegrade.runner import grade_group, run
from mlegrade.runner.program import Program
from runner.helpers import (
    DIGITS,
    HOUR,
    READY,
    TINY,
    journal,
    key_of,
    lines,
    table,
    wait_for,
    waits_until,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mlegrade.runner import RunGroup

    Inside = Callable[..., RunGroup]

SECRET_LABELS = table(lambda row: int(row % 3 == 0))
REPORT = """
import json, os
def report(**found):
    with open("/home/logs/found.json", "w") as file:
        json.dump(found, file)
def attempt(do, *arguments, **options):
    try:
        return repr(do(*arguments, **options))
    except OSError as error:
        return error.strerror
"""
FOR_EVER = waits_until("False")


pytestmark = pytest.mark.slow


@pytest.fixture(params=["podman", "docker"])
def engine(request: pytest.FixtureRequest) -> str:
    """Return the name of an engine that is there."""
    request.getfixturevalue(request.param)
    return request.param


@pytest.fixture
def inside(start: Callable[..., RunGroup], engine: str) -> Inside:
    """Return a function that runs a program as an agent in a container."""
    return partial(start, engine=engine)


def found(group: RunGroup, **options: Any) -> dict[str, Any]:
    """Return what an agent reported."""
    record = journal(group)
    log = (group.run_folder(TINY, 0) / "run.log").read_text()
    assert record["state"] == options.get("state", "finished"), (record["reason"], log)
    text = (group.run_folder(TINY, 0) / "logs" / "found.json").read_text()
    return dict(json.loads(text))


def containers(folder: Path, engine: str = "podman", *, running: bool = False) -> list[str]:
    """Return the containers that there are of a run, or those of them that run."""
    command = [engine, "ps", "--quiet", "--filter", f"label=mlegrade.run={key_of(folder)}"]
    command += [] if running else ["--all"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize(("agent", "medal"), [("dummy", None), ("baseline", "silver")])
def test_the_agents_that_come_along(
    tmp_path: Path,
    data_dir: Path,
    engine: str,
    request: pytest.FixtureRequest,
    agent: str,
    medal: str | None,
) -> None:
    image = request.getfixturevalue(engine)
    group = run(agent, [DIGITS], out=tmp_path, data_dir=data_dir, engine=engine, image=image)
    ((state, report),) = grade_group(group)
    assert state.state == "finished"
    assert (report.medal and report.medal.value) == medal
    record = journal(group, DIGITS)
    assert record["engine"]["name"] == engine
    assert record["engine"]["image"] == image
    digests = (record["engine"]["image_digest"], record["engine"]["image_id"])
    assert any(str(digest).startswith("sha256:") for digest in digests)
    assert record["engine"]["version"]
    assert record["engine"]["runtime"]
    assert record["validations"] == 1
    (call,) = lines(state.folder / "validations.jsonl")
    assert call["sha256"] == report.submission_sha256
    if agent == "dummy":
        surroundings = json.loads((state.folder / "logs" / "surroundings.json").read_text())
        assert surroundings["user"] != 0
        assert surroundings["server"]
        assert not surroundings["network"]
        assert not surroundings["data_writable"]
        assert surroundings["folders_writable"] == ["submission", "code", "logs"]


def test_the_answers_are_nowhere(inside: Inside, data_dir: Path) -> None:
    """Every file that can be read is read, and every mount is looked at."""
    assert SECRET_LABELS.encode() == (data_dir / TINY / "prepared/private/test.csv").read_bytes()
    code = f"""
{REPORT}
label = "mlegrade".encode()
answers = "\\n".join(f"{{row}},{{int(row % 3 == 0)}}" for row in range(20)).encode()
seen, hits, count = set(), [], 0
for top, folders, files in os.walk("/"):
    if top in ("/proc", "/sys", "/dev"):
        folders[:] = []
        continue
    for name in files:
        path = os.path.join(top, name)
        try:
            if not os.path.isfile(path) or os.path.getsize(path) > 10_000_000:
                continue
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            continue
        count += 1
        if answers in content or name == "test.csv":
            hits.append(path)
with open("/proc/self/mountinfo") as file:
    mounts = file.read()
report(hits=hits, count=count, mounts=mounts, data=sorted(os.listdir("/home/data")),
       environment=dict(os.environ), command=open("/proc/1/cmdline").read())
"""
    seen = found(inside(code))
    assert seen["hits"] == []
    assert seen["count"] > 100
    assert seen["data"] == ["sample_submission.csv"]
    for text in (seen["mounts"], json.dumps(seen["environment"]), seen["command"]):
        assert "private" not in text


def test_public_data_and_instructions_cannot_be_changed(inside: Inside, data_dir: Path) -> None:
    code = f"""
{REPORT}
report(
    add=attempt(open, "/home/data/new", "w"),
    change=attempt(open, "/home/data/sample_submission.csv", "a"),
    remove=attempt(os.remove, "/home/data/sample_submission.csv"),
    mode=attempt(os.chmod, "/home/data/sample_submission.csv", 0o777),
    agent=attempt(open, "/home/agent/main.py", "a"),
    told=attempt(open, "/home/instructions.txt", "a"),
    script=attempt(open, "/home/validate_submission.sh", "a"),
    entry=attempt(open, "/run/mlegrade/entry.sh", "a"),
    socket=attempt(os.remove, "/run/mlegrade/validate.sock"),
    image=attempt(open, "/usr/bin/new", "w"),
    root=attempt(open, "/new", "w"),
)
"""
    public = data_dir / TINY / "prepared" / "public"
    before = {path: (path.read_bytes(), path.stat()) for path in public.iterdir()}
    answers = found(inside(code))
    assert set(answers.values()) <= {"Read-only file system", "Permission denied"}, answers
    assert {path: (path.read_bytes(), path.stat()) for path in public.iterdir()} == before


def test_there_is_no_network(inside: Inside) -> None:
    code = f"""
{REPORT}
import socket, urllib.request
def connect(address):
    with socket.create_connection(address, timeout=300):
        return "connected"
report(
    interfaces=[name for _, name in socket.if_nameindex()],
    outside=attempt(connect, ("192.0.2.1", 80)),
    name=attempt(socket.getaddrinfo, "example.org", 80),
    routes=open("/proc/net/route").read().splitlines()[1:],
    raw=attempt(socket.socket, socket.AF_INET, socket.SOCK_RAW, 1),
    packet=attempt(socket.socket, socket.AF_PACKET, socket.SOCK_RAW),
    server=urllib.request.urlopen("http://localhost:5000/health", timeout=600).read().decode(),
)
"""
    answers = found(inside(code))
    assert answers["interfaces"] == ["lo"]
    assert answers["routes"] == []
    assert answers["outside"] == "Network is unreachable"
    assert "getaddrinfo" not in answers["name"]
    assert "(" not in answers["name"]  # no address came back
    assert answers["raw"] == answers["packet"] == "Operation not permitted"
    assert json.loads(answers["server"]) == {"status": "running"}


def test_there_are_no_privileges(inside: Inside) -> None:
    code = f"""
{REPORT}
import subprocess
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr
report(
    uids=status["Uid"].split(), gids=status["Gid"].split(),
    capabilities=[status[name].strip() for name in
                  ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
    no_new_privs=status["NoNewPrivs"].strip(),
    seccomp=status["Seccomp"].strip(),
    setuid=attempt(os.setuid, 0),
    as_root=run("id-as-root", "-u").strip(),
    mount=run("mount", "-t", "tmpfs", "none", "/home/code"),
    device=attempt(os.mknod, "/home/code/disk", 0o60666, os.makedev(254, 0)),
    chroot=attempt(os.chroot, "/home/code"),
    nice=attempt(os.nice, -5),
    processes=sorted(name for name in os.listdir("/proc") if name.isdigit()),
    hostname=os.uname().nodename,
)
"""
    answers = found(inside(code))
    assert "0" not in answers["uids"] + answers["gids"]
    assert {int(mask, 16) for mask in answers["capabilities"]} == {0}
    assert answers["no_new_privs"] == "1"
    assert answers["seccomp"] == "2"
    assert answers["setuid"] == "Operation not permitted"
    assert answers["as_root"] == answers["uids"][0]  # the program's setuid bit is worth nothing
    assert "superuser" in answers["mount"] or "permitted" in answers["mount"]
    refused = {"Operation not permitted", "Permission denied"}
    assert {answers["device"], answers["chroot"], answers["nice"]} <= refused
    assert len(answers["processes"]) < 10  # its own, and none of the machine's
    assert answers["hostname"] == "agent"


def test_the_memory_limit(inside: Inside) -> None:
    group = inside("x = bytearray(400 << 20)", limits={"memory": 100 << 20})
    record = journal(group)
    assert (record["state"], record["exit_code"]) == ("failed", 137)
    assert "the memory limit was reached" in record["reason"]
    shared = """
with open("/dev/shm/x", "wb") as file:
    for _ in range(400):
        file.write(b"x" * (1 << 20))
"""
    group = inside(shared, limits={"memory": 100 << 20, "shared_memory": 1 << 30})
    assert journal(group)["state"] == "failed"


@pytest.mark.parametrize("limit", ["memory", "cpus"])
def test_a_limit_that_the_system_does_not_delegate(
    start: Callable[..., RunGroup], monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """No test runs as a user without limits: here the engine only says so."""
    monkeypatch.setattr(Program, "unlimited", ["cpu", "memory", "pids"])
    with pytest.raises(SetupError, match=f"--{limit} asks for a limit"):
        start("pass", engine="podman", limits={limit: 1 << 30})


def test_the_limit_of_processes(inside: Inside, engine: str) -> None:
    code = f"""
{REPORT}
import time
count = 0
try:
    while count < 500:
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
        count += 1
except OSError as error:
    reason = error.strerror
report(count=count, reason=reason)
"""
    group = inside(code, limits={"pids": 40})
    answers = found(group)
    assert not containers(group.run_folder(TINY, 0), engine)
    assert answers["count"] < 40
    assert answers["reason"] == "Resource temporarily unavailable"


def test_the_disk_limit(inside: Inside, engine: str) -> None:
    code = f"""
{REPORT}
def fill(path, size=1 << 20, count=100):
    with open(path, "wb") as file:
        for _ in range(count):
            file.write(b"x" * size)
report(one=attempt(fill, "/home/code/one"))
fill("/home/code/two", count=5)
{FOR_EVER}
"""
    group = inside(code, limits={"disk": 10 << 20})
    assert found(group, state="failed")["one"] == "File too large"
    record = journal(group)
    assert record["fault"] == "disk"
    assert record["collected"]["bytes"] <= 10 << 20
    assert not containers(group.run_folder(TINY, 0), engine)


def test_an_image_that_can_be_written_to_counts(inside: Inside) -> None:
    """Where an agent asks for it, it writes into its image's folders; they count as well."""
    code = f"""
open("/tmp/here", "w").close()
for number in range(20):
    with open(f"/var/tmp/{{number}}", "wb") as file:
        file.write(b"x" * (1 << 20))
{FOR_EVER}
"""
    options = {"definition": {"writable": True}, "limits": {"disk": 10 << 20}}
    record = journal(inside(code, **options))
    assert (record["state"], record["fault"]) == ("failed", "disk"), record
    assert record["collected"]["files"] == 0


@pytest.mark.usefixtures("later")
def test_the_time_limit(inside: Inside, engine: str) -> None:
    """An agent that ignores the signal, forks and leaves its session is ended all the same."""
    code = f"""
{REPORT}
import shutil, signal
shutil.copyfile("/home/data/sample_submission.csv", "/home/submission/submission.csv")
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        break
else:
{indent(READY, "    ")}
{FOR_EVER}
"""
    begin = time.monotonic()
    group = inside(code, limits={"grace": 1})
    record = journal(group)
    assert record["state"] == "timed_out"
    assert HOUR <= record["elapsed"] < HOUR + time.monotonic() - begin
    ((_, report),) = grade_group(group)
    assert report.valid_submission
    assert not containers(group.run_folder(TINY, 0), engine)


@pytest.mark.usefixtures("later")
def test_the_signal_before_the_end_reaches_all(inside: Inside) -> None:
    code = f"""
import os, signal
def leave(*_):
    with open(f"/home/logs/told-{{os.getpid()}}", "w") as file:
        file.write("told")
    os._exit(5)
signal.signal(signal.SIGTERM, leave)
first = os.getpid()
os.fork()
if os.fork() == 0:
    os.setsid()
open(f"/home/logs/here-{{os.getpid()}}", "w").close()
if os.getpid() == first:
{indent(waits_until("len(glob.glob('/home/logs/here-*')) == 4") + READY, "    ")}
{FOR_EVER}
"""
    group = inside(code, limits={"grace": 300})
    record = journal(group)
    assert (record["state"], record["exit_code"]) == ("timed_out", 5)
    # The last to go may be ended with its container, before it has written.
    assert 1 <= len(list((group.run_folder(TINY, 0) / "logs").glob("told-*"))) <= 4


def test_traps_among_the_outputs(inside: Inside, data_dir: Path) -> None:
    answers = str(data_dir / TINY / "prepared" / "private" / "test.csv")
    code = f"""
import os, socket
os.chdir("/home/submission")
os.symlink({answers!r}, "submission.csv")
os.symlink("/etc/passwd", "passwd")
os.symlink("../../../../../..", "up")
os.mkfifo("pipe")
socket.socket(socket.AF_UNIX).bind("socket")
with open("twice", "w") as file:
    file.write("x")
os.link("twice", "thrice")
with open("huge", "wb") as file:
    file.truncate(40 << 20)
with open("locked", "w") as file:
    file.write("kept")
os.chmod("locked", 0)
os.mkdir("folder")
os.chmod("folder", 0)
os.chdir("/home/code")
for _ in range(100):
    os.mkdir("deep" * 20)
    os.chdir("deep" * 20)
os.chdir("/home/logs")
open("a\\nb", "w").close()
os.chmod("/home/logs", 0)
"""
    group = inside(code, limits={"disk": 50 << 20})
    record = journal(group)
    skipped = dict(record["collected"]["skipped"])
    for name in ("submission.csv", "passwd", "up"):
        assert skipped[f"submission/{name}"] == "a symbolic link"
    assert skipped["submission/pipe"] == "a pipe"
    assert skipped["submission/socket"] == "a socket"
    assert skipped["submission/twice"] == skipped["submission/thrice"] == "a hard link"
    folder = group.run_folder(TINY, 0)
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert (folder / "submission" / "locked").read_text() == "kept"
    for path in (folder / "submission").iterdir():
        mode = path.lstat().st_mode
        assert stat.S_ISREG(mode) or stat.S_ISDIR(mode)
        assert path.stat().st_uid == os.geteuid()
    ((_, report),) = grade_group(group)
    assert not report.submission_exists
    assert report.score is None


def test_forwarding_survives_abuse(inside: Inside) -> None:
    """Many connections at once, half-closed and broken ones, then a good one."""
    code = f"""
{REPORT}
import http.client, socket, time
held = [socket.create_connection(("localhost", 5000)) for _ in range(100)]
for one in held:
    one.sendall(b"POST /validate HTTP/1.1\\r\\nContent-Length: 99999\\r\\n\\r\\nxx")
for one in held[:50]:
    one.shutdown(socket.SHUT_WR)
for one in held:
    one.close()
with socket.create_connection(("localhost", 5000)) as garbage:
    garbage.sendall(b"\\0" * 1000)
since, status = time.monotonic(), None
# While there are too many connections, more are refused.
while status != 200 and time.monotonic() - since < 600:
    time.sleep(0.2)
    connection = http.client.HTTPConnection("localhost", 5000, timeout=300)
    connection.request("GET", "/health")
    status = connection.getresponse().status
report(status=status)
"""
    assert found(inside(code))["status"] == 200


def test_secrets_do_not_stay(
    inside: Inside,
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    code = "import os\nprint(os.environ['API_KEY'])"
    group = inside(code, definition={"secrets": {"API_KEY": "MY_KEY"}})
    assert (group.run_folder(TINY, 0) / "run.log").read_text() == "<API_KEY>\n"
    texts = [path.read_bytes() for path in group.folder.rglob("*") if path.is_file()]
    assert not any(b"sk-very-secret" in text for text in texts)
    image = subprocess.run(
        [engine, "image", "inspect", request.getfixturevalue(engine)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "sk-very-secret" not in image.stdout


def test_obfuscated_runs_work_read_only(
    inside: Inside, data_dir: Path, tmp_path: Path, tiny: str
) -> None:
    """Data that MLE-bench prepared has a description that would tell what is hidden."""
    root = tmp_path / "data"
    public = root / tiny / "prepared" / "public"
    public.mkdir(parents=True)
    (public / "description.md").write_text("This is Tiny Labels.")
    sample = data_dir / tiny / "prepared" / "public" / "sample_submission.csv"
    (public / "sample_submission.csv").write_text(sample.read_text())
    code = f"""
{REPORT}
import subprocess
find = subprocess.run(["grep", "-rliE", "tiny.?labels", "/home", "/run/mlegrade"],
                      capture_output=True, text=True)
report(hits=find.stdout, told=open("/home/data/description.md").read(),
       environment=dict(os.environ))
"""
    group = inside(code, obfuscated=True, data_dir=root)
    answers = found(group)
    # What it finds is its own program, which names what it looks for.
    assert set(answers["hits"].split()) <= {"/home/agent/main.py"}
    assert "# A task" in answers["told"]
    assert tiny not in json.dumps(answers["environment"])
    assert (public / "description.md").read_text() == "This is Tiny Labels."


def test_an_image_that_is_built(
    start: Callable[..., RunGroup], tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """An agent brings a Containerfile; what it becomes is named after the agent's files."""
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "told.txt").write_text("from the build")
    (tmp_path / "agent" / "Containerfile").write_text(
        f"FROM {request.getfixturevalue(engine)}\nCOPY told.txt /opt/told.txt\nENV BUILT=yes\n"
    )
    code = "import os\nprint(open('/opt/told.txt').read(), os.environ['BUILT'])"
    options = {"engine": engine, "image": None, "definition": {"containerfile": "Containerfile"}}
    first = start(code, **options)
    assert (first.run_folder(TINY, 0) / "run.log").read_text() == "from the build yes\n"
    record = journal(first)
    image = record["engine"]["image"]
    assert image.startswith("localhost/mlegrade-agent-probe:")
    assert image.endswith(record["agent"]["sha256"][:12])
    second = journal(start(code, seeds=2, **options), seed=1)
    assert second["engine"]["image_id"] == record["engine"]["image_id"]
    subprocess.run([engine, "rmi", image], capture_output=True, check=True)


def test_an_image_that_is_not_there(inside: Inside, engine: str) -> None:
    record = journal(inside("pass", image="localhost/no-such-image:1"))
    assert (record["state"], record["fault"]) == ("failed", "setup")
    assert f"{engine} pull" in record["reason"]


def test_an_agent_without_an_image(start: Callable[..., RunGroup], engine: str) -> None:
    record = journal(start("pass", engine=engine, image=None))
    assert record["fault"] == "setup"
    assert "names no image" in record["reason"]


def test_a_network_that_is_not_there(inside: Inside, engine: str) -> None:
    group = inside("pass", network="no-such-network")
    record = journal(group)
    assert (record["state"], record["fault"]) == ("failed", "setup")
    assert "no-such-network" in record["reason"]
    assert not containers(group.run_folder(TINY, 0), engine)


def test_a_path_that_cannot_be_mounted(inside: Inside, tmp_path: Path) -> None:
    record = journal(inside("pass", out=tmp_path / "a,b"))
    assert "a comma" in record["reason"]
    with pytest.raises(SetupError, match="cannot name a group"):
        inside("pass", group="a,b")


def test_a_container_that_somebody_removes(inside: Inside, engine: str) -> None:
    def remove(runs: Any) -> None:
        (run,) = runs
        if run.state == "running":
            wait_for(lambda: containers(run.folder, engine, running=True))
            subprocess.run([engine, "rm", "--force", *containers(run.folder, engine)], check=True)

    record = journal(inside(FOR_EVER, progress=remove))
    assert record["state"] == "failed"
