"""The validation server, alone: what it answers, refuses, logs and knows."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from mlegrade.cli import cli
from mlegrade.runner import server as server_module
from mlegrade.runner import serving as serving_module
from mlegrade.runner.job import _INSIDE
from mlegrade.runner.serving import STARTS, ValidationServer, listen
from mlegrade.runner.uploads import Refusal
from runner.helpers import TINY, lines, table, wait_for, write_competition

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = "a-line-that-is-nowhere-else"
PATIENCE = 600
# The command with a clock, where it counts calls, that says what a file says.
CLOCKED = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from mlegrade.cli import main
from mlegrade.runner import server
file = Path(sys.argv.pop(1))
server.time = SimpleNamespace(
    monotonic=lambda: float(file.read_text()), perf_counter=time.perf_counter
)
main()
"""


class UnixConnection(http.client.HTTPConnection):
    """A connection through a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self.path))


def form(content: bytes, name: str = "file") -> bytes:
    head = f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"; filename="x.csv"\r\n\r\n'
    return head.encode() + content + f"\r\n--{LINE}--\r\n".encode()


def ask(path: Path, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    """Post a body; return the status and the answer."""
    connection = UnixConnection(path)
    kind = {"Content-Type": f"multipart/form-data; boundary={LINE}"} | headers
    try:
        connection.request("POST", "/validate", body, kind)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def address(process: subprocess.Popen[str]) -> str:
    """Return where a server that has just been started says that it is."""
    said = ""
    while not said.endswith("}\n"):
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the server has ended after saying {said!r}"
        said += line
    found: str = json.loads(said)["address"]
    return found


@contextmanager
def serving(folder: Path, *options: str, clock: Path | None = None) -> Iterator[Path]:
    """Run the command ``serve`` on a unix socket, with a clock in a file if there is one."""
    public = folder / "public"
    public.mkdir()
    (public / "sample.csv").write_text("id,EAP,HPL,MWS\na,0.4,0.3,0.3\nb,0.4,0.3,0.3\n")
    path = folder / "s"
    program = ["-m", "mlegrade.cli"] if clock is None else ["-c", CLOCKED, str(clock)]
    command = [sys.executable, *program, "serve", "spooky", "--socket", str(path)]
    command += ["--sample", str(public / "sample.csv"), "--log", str(folder / "log.jsonl")]
    with subprocess.Popen(
        [*command, "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert address(process) == str(path)
            yield path
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE)
    assert not path.exists()
    assert "Traceback" not in errors


GOOD = b"id,EAP,HPL,MWS\na,0.5,0.3,0.2\nb,0.1,0.1,0.8\n"


def test_what_is_right_and_what_is_not(tmp_path: Path) -> None:
    with serving(tmp_path) as path:
        status, answer = ask(path, form(GOOD))
        assert (status, answer["ok"], answer["problems"]) == (200, True, [])
        assert answer["result"] == "The submission is valid."
        status, answer = ask(path, form(GOOD.replace(b"b,", b"c,")))
        assert (status, answer["ok"]) == (200, False)
        assert answer["result"].startswith("The submission is invalid: ")
        codes = {problem["code"] for problem in answer["problems"]}
        assert codes == {"missing_rows", "unexpected_rows"}
        connection = UnixConnection(path)
        connection.request("GET", "/health")
        assert json.loads(connection.getresponse().read()) == {"status": "running"}
        connection.close()
    first, second = lines(tmp_path / "log.jsonl")
    assert first["sha256"] == hashlib.sha256(GOOD).hexdigest()
    assert (first["ok"], first["bytes"], first["codes"]) == (True, len(GOOD), [])
    assert set(second["codes"]) == codes


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "field 'file'"),
        (b"no form at all", 400, "cannot be read"),
        (form(GOOD, "other"), 400, "field 'file'"),
        (form(b""), 200, "invalid"),
        (form(b"\xff\xfe\x00" * 100), 200, "invalid"),
        (form(b'"' * 10_000), 200, "invalid"),
    ],
    ids=["empty", "text", "field", "zero", "binary", "quotes"],
)
def test_whatever_is_sent_is_answered(tmp_path: Path, body: bytes, status: int, said: str) -> None:
    with serving(tmp_path) as path:
        found = ask(path, body)
        assert found[0] == status
        assert said in found[1]["result"]
        assert ask(path, form(GOOD))[1]["ok"]


def test_too_much_is_refused_before_and_while_it_is_read(tmp_path: Path) -> None:
    size = 65 << 20  # a submission to this competition may have 64 MiB
    with serving(tmp_path) as path:
        status, answer = ask(path, iter([b"x"]), **{"Content-Length": str(size)})
        assert status == 413
        assert "67,108,864 bytes are allowed" in answer["result"]
        # Whoever sends all before looking is told so too.
        assert ask(path, b"x" * size) == (status, answer)
        # Without a length, the body is counted as it comes.
        block = b"x" * (1 << 20)
        sent = []

        def endless() -> Iterator[bytes]:
            yield form(b"").rpartition(b"\r\n--")[0]
            for number in range(500):
                sent.append(number)
                yield block

        try:
            status, answer = ask(path, endless())
        except (BrokenPipeError, ConnectionResetError):
            status = 413  # the server had hung up before all was sent
        assert status == 413
        assert len(sent) < 200
        assert ask(path, form(GOOD))[1]["ok"]
    refused = [entry.get("refused") for entry in lines(tmp_path / "log.jsonl")]
    assert refused == [413, 413, 413, None]


def test_too_many_calls_are_refused_and_counted(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    with serving(tmp_path, "--rate", "6", clock=clock) as path:
        found = [ask(path, form(GOOD)) for _ in range(9)]
        assert [status for status, _ in found] == [200] * 6 + [429] * 3
        assert "6 a minute" in found[-1][1]["result"]
        # More than fits between the two: a client that is hung up on would not see the answer.
        assert ask(path, form(b"x" * (8 << 20))) == found[-1]
        clock.write_text("10")
        assert ask(path, form(GOOD))[0] == 200
    entries = lines(tmp_path / "log.jsonl")
    assert len(entries) == 7
    assert entries[-1]["refused_before"] == 4


def test_calls_are_given_back_by_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six a minute are one every ten seconds, of which six are saved up and no more."""
    clock = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(server_module, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    calls = server_module._Calls(6, None)

    def taken() -> tuple[int, str]:
        """Return how many calls are answered now, and when the next one will be."""
        for number in range(10):
            try:
                calls.take()
            except Refusal as refusal:
                assert refusal.status == 429
                return number, refusal.headers["Retry-After"]
        pytest.fail("they are answered without end")

    assert taken() == (6, "10")
    for seconds, expected in [
        (5, (0, "5")),
        (9, (0, "1")),
        (10, (1, "10")),
        (15, (0, "5")),
        (45, (3, "5")),
        (50, (1, "10")),
        (109, (5, "1")),
        (110, (1, "10")),
        (170, (6, "10")),
        (9999, (6, "10")),
    ]:
        clock.seconds = float(seconds)
        assert taken() == expected, seconds


def test_a_call_that_is_due_is_answered_whoever_asked_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sixty tenths of a second are six seconds, though their sum is a little less."""
    clock = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(server_module, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    calls = server_module._Calls(10, None)
    for _ in range(10):
        calls.take()
    for tenth in range(1, 60):
        clock.seconds = tenth / 10
        with pytest.raises(Refusal):
            calls.take()
    clock.seconds = 6.0
    calls.take()


def test_calls_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    found: dict[int, bool] = {}
    with serving(tmp_path) as path:

        def call(number: int) -> None:
            content = GOOD if number % 2 else GOOD.replace(b"b,", b"x,")
            found[number] = ask(path, form(content))[1]["ok"]

        threads = [threading.Thread(target=call, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {number: bool(number % 2) for number in range(12)}


def test_no_answers_are_read(tmp_path: Path) -> None:
    """With answers that would be noticed if they were opened: they are no file at all."""
    private = tmp_path / "spooky-author-identification" / "prepared" / "private"
    (private / "test.csv").mkdir(parents=True)
    with serving(tmp_path, "--data-dir", str(tmp_path)) as path:
        assert ask(path, form(GOOD))[1]["ok"]
        opened = files_of(path)
    assert any("socket" in name for name in opened)
    assert not any("private" in name for name in opened)


def files_of(path: Path) -> list[str]:
    """Return what the process that serves a socket has open."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # a process or a file that is gone by now
            if str(path) in (folder / "cmdline").read_text():
                for file in (folder / "fd").iterdir():
                    with suppress(OSError):
                        found.append(str(file.readlink()))
    return found


@pytest.mark.parametrize("there", [True, False])
def test_a_data_directory_without_the_competition_is_a_clear_error(
    tmp_path: Path, there: bool
) -> None:
    folder = tmp_path if there else tmp_path / "none"
    done = CliRunner().invoke(cli, ["serve", "spooky", "--data-dir", str(folder)])
    assert done.exit_code == 3
    assert f"mlegrade prepare spooky-author-identification --data-dir {folder}" in done.stderr


def test_a_port_that_is_taken_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "mlegrade.cli", "serve", "spooky", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"MLEGRADE_DATA_DIR": str(tmp_path)},
        )
    assert done.returncode == 3
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValidationServer]:
    """Start the runner's own kind of server, for a competition that nobody else knows."""
    sample = tmp_path / "sample.csv"
    sample.write_text(table(lambda _: 0))
    control = tmp_path / ("long" * 20) / ("longer" * 20)  # no socket's name may be so long
    control.mkdir(parents=True)
    with ValidationServer(
        TINY,
        folder=str(write_competition(tmp_path / "tiny")),
        sample=sample,
        log=tmp_path / "log.jsonl",
        control=control,
        errors=tmp_path / "errors.log",
    ) as found:
        found.path = control / "validate.sock"
        yield found


def ask_far(path: Path, content: bytes) -> dict[str, Any]:
    """Ask at a socket whose name is too long to be used as it is."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        return ask(Path(f"/proc/self/fd/{folder}/{path.name}"), form(content))[1]
    finally:
        os.close(folder)


def test_a_server_that_dies_is_started_again(server, tmp_path: Path) -> None:
    good = table(lambda row: row % 2).encode()
    assert ask_far(server.path, good)["ok"]
    for _ in range(STARTS + 1):
        server._process.kill()
        server._process.wait()
        server.keep()
    assert server.starts == STARTS  # and not for ever
    assert (tmp_path / "errors.log").read_text() == ""


def test_what_a_server_says_of_broken_requests_is_bounded(
    server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_module, "ERRORS", 50)
    folder = os.open(server.path.parent, os.O_RDONLY)
    for _ in range(5):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"/proc/self/fd/{folder}/{server.path.name}")
            client.sendall(b"no HTTP\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 400")
    os.close(folder)
    errors = tmp_path / "errors.log"
    wait_for(lambda: errors.stat().st_size > 50)
    server.keep()
    assert errors.read_text().startswith("WARNING:  Invalid HTTP request")
    assert errors.stat().st_size == 50


def test_a_server_ends_with_its_runner(tmp_path: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from mlegrade.runner.serving import ValidationServer
folder = Path({str(tmp_path)!r})
server = ValidationServer("spooky", folder=None, sample=None, log=folder / "l", control=folder,
                          errors=folder / "e")
server.keep()
print(server._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    status = Path(f"/proc/{done.stdout.strip()}/stat")
    wait_for(lambda: not status.exists() or status.read_text().split()[2] == "Z")


def test_an_old_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with listen(path), listen(path) as second, socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        second.settimeout(PATIENCE)
        second.accept()[0].close()


@pytest.mark.parametrize("program", ["curl", "python3"])
def test_the_script_beside_the_instructions(tmp_path: Path, program: str) -> None:
    """It posts with curl where there is one, else with Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in {"sh", program}:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not installed.")
        target = os.path.realpath(sys.executable if name == "python3" else found)
        (programs / name).symlink_to(target)
    (tmp_path / "submission.csv").write_bytes(GOOD)
    command = ["serve", "spooky", "--port", "0", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "mlegrade.cli", *command],
        env={**os.environ, "MLEGRADE_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            environment = {
                "PATH": str(programs),
                "SUBMISSION_DIR": str(tmp_path),
                "VALIDATION_URL": address(process),
            }
            script = [str(programs / "sh"), str(_INSIDE / "validate_submission.sh")]
            answer = subprocess.run(script, env=environment, capture_output=True, check=True)
            absent = subprocess.run(
                [*script, str(tmp_path / "absent.csv")],
                env=environment,
                capture_output=True,
                check=False,
            )
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)
    assert json.loads(answer.stdout)["ok"]
    assert absent.returncode == 1
    assert b"there is no file" in absent.stderr
