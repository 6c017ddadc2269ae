"""A local server that plays Kaggle's part: what its clients ask, and its ways to refuse."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


@dataclass
class Kaggle:
    """What the server hands out, how it refuses, and what it was asked.

    Parameters
    ----------
    archives : dict of str to dict of str to bytes
        The files of each competition.
    refusals : dict of str to list of int
        The statuses with which the next requests for a competition are answered; the last one
        stays, a 200 ends them.
    breaks : int
        How many transfers break off in the middle.
    headers : dict of str to str
        What the storage says of its files beside the usual; None leaves a header out.
    ranged : bool
        Whether the storage hands out parts when it is asked for them.
    instead : bytes or None
        What the storage hands out instead of its files.
    pause : float
        How many seconds the storage waits after each byte.
    packs : bool
        Whether files that are asked for alone come packed, as large ones do.
    """

    archives: dict[str, dict[str, bytes]]
    refusals: dict[str, list[int]] = field(default_factory=dict)
    breaks: int = 0
    headers: dict[str, str | None] = field(default_factory=dict)
    ranged: bool = True
    instead: bytes | None = None
    pause: float = 0.0
    packs: bool = False
    retry_after: str | None = None
    token: str = "a-token"
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    address: str = ""

    @classmethod
    def of(cls, folders: dict[str, Path]) -> Kaggle:
        """Return a server that hands out the files of a folder for each competition."""
        return cls(
            {
                name: {
                    path.relative_to(folder).as_posix(): path.read_bytes()
                    for path in sorted(folder.rglob("*"))
                    if path.is_file()
                }
                for name, folder in folders.items()
            }
        )

    def packed(self, name: str) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for member, data in self.archives[name].items():
                archive.writestr(zipfile.ZipInfo(member), data)
        return content.getvalue()


class Handler(BaseHTTPRequestHandler):
    kaggle: Kaggle
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = wanted["competitionName"]
        self.kaggle.asked.append(f"{self.path.rpartition('/')[2]} {name}")
        status = self._status(name)
        if self.headers.get("Authorization") != f"Bearer {self.kaggle.token}":
            status = 401
        if status != 200:
            self._refuse(status)
            return
        member = wanted.get("fileName")
        packs = ".zip" if self.kaggle.packs else ""
        place = f"{name}/{member}{packs}" if member else f"{name}.zip"
        self.send_response(302)
        self.send_header("Location", f"{self.kaggle.address}/storage/{place}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        name, _, member = self.path.removeprefix("/storage/").partition("/")
        name = name.removesuffix(".zip")
        content = self._content(name, member)
        begin = 0
        if wanted := self.headers.get("Range"):
            self.kaggle.ranges.append(wanted)
            if self.kaggle.ranged:
                begin = int(wanted.removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if begin else 200)
        headers = {
            "Content-Type": "application/zip",
            "Accept-Ranges": "bytes",
            "Content-Length": str(len(content) - begin),
            **self.kaggle.headers,
        }
        for header, value in headers.items():
            if value is not None:
                self.send_header(header, value)
        self.end_headers()
        if self.kaggle.breaks > 0:
            self.kaggle.breaks -= 1
            self.wfile.write(content[begin : begin + (len(content) - begin) // 2])
            self.close_connection = True
            return
        with suppress(ConnectionError):  # a client may go when it knows enough
            while self.kaggle.pause and begin < len(content):
                self.wfile.write(content[begin : begin + 1])
                time.sleep(self.kaggle.pause)
                begin += 1
            self.wfile.write(content[begin:])

    def _content(self, name: str, member: str) -> bytes:
        if self.kaggle.instead is not None:
            return self.kaggle.instead
        files = self.kaggle.archives[name]
        if not member:
            return self.kaggle.packed(name)
        if member in files:
            return files[member]
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr(member.removesuffix(".zip"), files[member.removesuffix(".zip")])
        return content.getvalue()

    def _status(self, name: str) -> int:
        if name not in self.kaggle.archives:
            return 404
        left = self.kaggle.refusals.get(name, [])
        if len(left) > 1:
            return left.pop(0)
        return left[0] if left else 200

    def _refuse(self, status: int) -> None:
        body = json.dumps({"code": status, "message": "no"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.kaggle.retry_after is not None:
            self.send_header("Retry-After", self.kaggle.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


@contextmanager
def serving(kaggle: Kaggle) -> Iterator[Kaggle]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Handler,), {"kaggle": kaggle}))
    kaggle.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield kaggle
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def playing(kaggle: Kaggle, monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Kaggle]:
    """Let Kaggle's clients talk to the local server, with a token that it accepts."""
    from kagglesdk import kaggle_env

    with serving(kaggle) as server:
        endpoints = kaggle_env._env_to_endpoint
        monkeypatch.setitem(endpoints, kaggle_env.KaggleEnv.PROD, server.address)
        monkeypatch.setenv("HOME", str(home / "home"))
        for name in ("KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_CONFIG_DIR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("KAGGLE_API_TOKEN", server.token)
        yield server
