"""Copy the sample submission, look around, and say what is there."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request


def folder(name: str) -> str:
    """Return a folder of the contract."""
    return os.environ.get(name.upper() + "_DIR", "/home/" + name)


def online() -> bool:
    """Return whether there is a way out: a route, not a host that might be down."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # a documentation address; nothing is sent
    except OSError:
        return False
    return True


def healthy(url: str) -> bool:
    """Return whether the validation server answers."""
    try:
        with urllib.request.urlopen(url + "/health", timeout=60) as answer:
            return bool(json.load(answer).get("status") == "running")
    except (OSError, ValueError):
        return False


def main() -> None:
    """Do what the smallest agent does."""
    data, submission, logs = folder("data"), folder("submission"), folder("logs")
    names = sorted(os.listdir(data))
    sample = next((n for n in names if n.lower().startswith("sample") and n.endswith(".csv")), None)
    if sample is None:
        raise SystemExit("there is no sample submission among " + ", ".join(names))
    target = os.path.join(submission, "submission.csv")
    shutil.copyfile(os.path.join(data, sample), target)
    script = os.environ.get("VALIDATE_SCRIPT", "/home/validate_submission.sh")
    done = subprocess.run(["sh", script, target], capture_output=True, text=True)
    instructions = os.environ.get("INSTRUCTIONS_FILE", "/home/instructions.txt")
    found = {
        "competition": os.environ.get("COMPETITION_ID"),
        "seed": os.environ.get("SEED"),
        "time_limit": os.environ.get("TIME_LIMIT_SECS"),
        "user": os.getuid(),
        "data": names,
        "data_writable": os.access(data, os.W_OK),
        "folders_writable": [
            name for name in ("submission", "code", "logs") if os.access(folder(name), os.W_OK)
        ],
        "instructions": os.path.getsize(instructions),
        "network": online(),
        "server": healthy(os.environ.get("VALIDATION_URL", "http://localhost:5000")),
        "validation": (done.stdout or done.stderr).strip(),
    }
    text = json.dumps(found, indent=2, sort_keys=True)
    with open(os.path.join(logs, "surroundings.json"), "w") as file:
        file.write(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
