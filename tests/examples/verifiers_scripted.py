"""Runs the example where verifiers is to be had, with models that say what a script says.

``python verifiers_scripted.py REQUEST.json``: the request has ``address``, where the models are,
and ``evaluations``, each with ``taskset`` (its settings) and ``models`` (for each its script). What
came of each model is written beside the request. The module is a harness, too: it asks the model,
and runs in the sandbox what that says.
"""

from __future__ import annotations

import asyncio
import json
import sys
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
    request = json.loads(path.read_text())
    found = await asyncio.gather(
        *(
            evaluate(one["taskset"], one["models"], request["address"])
            for one in request["evaluations"]
        )
    )
    result = {model: made for one in found for model, made in one.items()}
    path.with_suffix(".result").write_text(json.dumps(result))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
