"""Evaluates the task with a model that says what a script says, where Inspect is to be had.

``python scripted.py REQUEST.json``: the request has ``task`` (parameters of ``mle_bench``),
``turns`` (for each sample: a list of tool calls) and ``options`` of ``eval``. What came of it is
written beside the request.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import inspect_ai
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from mlegrade.integrations.inspect import mle_bench

FINISH = ["finish", {"answer": "done"}]


def output(name, arguments):
    """Return a turn of the model; with its usage, since counting tokens would take a download."""
    made = ModelOutput.for_tool_call("mockllm/model", name, arguments)
    made.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return made


def main(path: Path) -> None:
    request = json.loads(path.read_text())
    if request["options"].get("sandbox") == "podman":
        import podman_sandbox  # noqa: F401 registers itself
    outputs = [output(*call) for calls in request["turns"] for call in [*calls, FINISH]]
    (log,) = inspect_ai.eval(
        mle_bench(**request["task"]),
        model=get_model("mockllm/model", custom_outputs=outputs),
        log_dir=str(path.parent / "logs"),
        display="none",
        max_samples=1,
        **request["options"],
    )
    samples = [
        {
            "id": sample.id,
            "epoch": sample.epoch,
            "input": sample.input,
            "limit": sample.limit and sample.limit.type,
            "error": sample.error and sample.error.message,
            "tools": [m.text for m in sample.messages if m.role == "tool"],
            "scores": {
                name: score.model_dump(mode="json") for name, score in (sample.scores or {}).items()
            },
            "metadata": sample.metadata,
        }
        for sample in log.samples or ()
    ]
    metrics = {
        score.name: {name: metric.value for name, metric in score.metrics.items()}
        for score in (log.results.scores if log.results else ())
    }
    result = {"status": log.status, "samples": samples, "metrics": metrics, "log": log.location}
    path.with_suffix(".result").write_text(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
