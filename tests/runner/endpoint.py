"""An OpenAI-compatible endpoint on the loopback that says what its script says."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

READ = """
import csv
import numpy as np
def read(name):
    with open("./input/" + name) as file:
        return list(csv.DictReader(file))
train, test = read("train.csv"), read("test.csv")
names = [name for name in test[0] if name != "id"]
def numbers(rows):
    return np.array([[float(row[name]) for name in names] for row in rows])
X, T = numbers(train), numbers(test)
y = np.array([int(row["digit"]) for row in train])
half = len(X) // 2
"""
WRITE = """
print("accuracy:", float((predict(X[:half], y[:half], X[half:]) == y[half:]).mean()))
with open("./working/submission.csv", "w") as file:
    file.write("id,digit\\n")
    for row, label in zip(test, predict(X, y, T)):
        file.write(f"{row['id']},{label}\\n")
"""
CENTRES = """
def predict(X, y, T):
    centres = np.array([X[y == label].mean(axis=0) for label in range(10)])
    return ((T[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
"""
NEAREST = """
def predict(X, y, T):
    return y[((T[:, None] - X) ** 2).sum(axis=2).argmin(axis=1)]
"""
SOLUTIONS = (
    "raise RuntimeError('not written yet')",
    READ + CENTRES + WRITE,
    READ + NEAREST + WRITE,
    READ + CENTRES + WRITE,  # worse again: the better one has to be kept
)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, self.headers.get("Authorization"), body))
        answer = json.dumps(self.server.answer(body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


class Endpoint(ThreadingHTTPServer):
    """Writes one solution after the other, and reviews what it is shown."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, str | None, dict[str, Any]]] = []
        self.solutions = iter(SOLUTIONS)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a completion with one message."""
        message = {"role": "assistant", **self.message(body)}
        reason = "tool_calls" if "tool_calls" in message else "stop"
        return {
            "id": "scripted",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "finish_reason": reason, "message": message}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return what is said to a request."""
        if body.get("tools"):
            return {"tool_calls": [self._review(json.dumps(body["messages"]))]}
        code = next(self.solutions)
        return {"content": f"A plan in a sentence or two.\n\n```python\n{code}\n```"}

    @staticmethod
    def _review(shown: str) -> dict[str, Any]:
        found = re.search(r"accuracy: ([\d.]+)", shown)
        review = {
            "is_bug": found is None,
            "summary": "It ran." if found else "It has still to be written.",
            "metric": float(found[1]) if found else 0.0,
            "lower_is_better": False,
        }
        function = {"name": "submit_review", "arguments": json.dumps(review)}
        return {"id": "call", "type": "function", "function": function}


@contextmanager
def scripted_endpoint(kind: type[Endpoint] = Endpoint) -> Iterator[Endpoint]:
    """Serve the endpoint while the test runs."""
    with kind() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
