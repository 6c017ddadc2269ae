"""Runs the example where verifiers is to be had, with models that say what a script says.

``python verifiers_scripted.py REQUEST.json``: the request is a list of evaluations, each with
``taskset`` (its settings) and ``models`` (for each model: the commands that it gives, one a turn).
What came of each model is written beside the request. The module is a harness, too: it asks the
model, and runs in the sandbox what that says.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import verifiers.v1 as vf
from openai import AsyncOpenAI

__all__ = ["Scripted"]

DONE = "done"


class Scripted(vf.Harness[vf.HarnessConfig]):
    NEEDS_CONTAINER = False

    async def launch(self, ctx, trace, runtime, endpoint, secret, mcp_urls, data):
        del trace, mcp_urls
        messages = [{"role": "user", "content": data.prompt}]
        async with AsyncOpenAI(base_url=endpoint, api_key=secret) as client:
            while True:
                answer = await client.chat.completions.create(model=ctx.model, messages=messages)
                said = answer.choices[0].message.content
                if said == DONE:
                    return vf.ProgramResult(0, "", "")
                seen = await runtime.run_program(["sh", "-c", said], {})
                messages += [
                    {"role": "assistant", "content": said},
                    {"role": "user", "content": seen.stdout + seen.stderr},
                ]


def serve(scripts, asked):
    """Start a server that gives each model's commands in turn; return it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model, turn = body["model"], len(body["messages"]) // 2
            asked.append(model)
            message = {"role": "assistant", "content": [*scripts[model], DONE][turn]}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            facts = {"id": "1", "object": "chat.completion", "created": 0, "model": model}
            answer = json.dumps({**facts, "choices": [choice], "usage": usage}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


async def evaluate(settings, models, address):
    """Return what came of each model on the first task."""
    agent = {"harness": {"id": "verifiers-scripted"}, "runtime": {"type": "subprocess"}}
    taskset = {"id": "verifiers-taskset", "online": True, **settings}
    env = vf.load_environment(vf.resolve_env_config({"taskset": taskset, "agent": agent}))
    (task,) = env.taskset
    client = vf.EvalClientConfig(base_url=address, api_key_var="NO_KEY")
    contexts = [vf.ModelContext(model=model, client=client) for model in models]
    async with env.serving():
        episodes = await asyncio.gather(*(env.run_episode(task, one) for one in contexts))
    return {model: outcome(episode) for model, episode in zip(models, episodes, strict=True)}


def outcome(episode):
    (trace,) = episode.traces
    messages = trace.branches[-1].messages if trace.branches else []
    return {
        "ok": episode.ok,
        "errors": [error.message for error in trace.errors],
        "stop": trace.stop_condition,
        "rewards": {name: one and one.value for name, one in trace.rewards.items()},
        "metrics": trace.metrics,
        "report": json.loads(trace.model_dump_json(exclude_none=True))["info"].get("report"),
        "seen": [message.content for message in messages if message.role == "user"],
    }


async def main(path):
    asked = []
    request = json.loads(path.read_text())
    scripts = {model: said for one in request for model, said in one["models"].items()}
    server = serve(scripts, asked)
    address = f"http://127.0.0.1:{server.server_port}/v1"
    found = await asyncio.gather(
        *(evaluate(one["taskset"], one["models"], address) for one in request)
    )
    server.shutdown()
    result = {model: made for one in found for model, made in one.items()}
    path.with_suffix(".result").write_text(json.dumps({"outcomes": result, "asked": asked}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
