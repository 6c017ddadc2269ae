"""A chat endpoint that gives scripted answers, for tests of what asks one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, TypeAlias

import pytest

Script: TypeAlias = Callable[[int, bytes], tuple[str, list[Any]]]
"""Given a status and an answer, returns the address, and the list of what is asked."""


@pytest.fixture
def endpoint() -> Iterator[Script]:
    """Serve scripted answers; give the address, and the list of what was asked."""
    asked: list[Any] = []
    script: list[tuple[int, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers.get("Authorization"), body))
            status, answer = script[-1]
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def scripted(status: int, answer: bytes) -> tuple[str, list[Any]]:
        script.append((status, answer))
        return f"http://127.0.0.1:{server.server_port}/v1", asked

    yield scripted
    server.shutdown()
    server.server_close()
    thread.join()
