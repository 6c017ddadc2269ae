"""One competition as a task of Harbor: which files it has, and what stands in them."""

from __future__ import annotations

import filecmp
import hashlib
import json
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import mlegrade
from mlegrade import data
from mlegrade.errors import SetupError
from mlegrade.integrations.harbor.options import PLACES
from mlegrade.runner.files import to_json
from mlegrade.runner.instructions import SCRIPT, VARIABLES, Surroundings, instructions
from mlegrade.runner.job import DESCRIPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mlegrade.competitions import Competition
    from mlegrade.data import CompetitionPaths
    from mlegrade.integrations.harbor.options import TaskOptions

__all__ = ["CONFIG", "SCHEMA_VERSION", "SUBMISSION", "Task", "describe"]

SCHEMA_VERSION = 1
"""The version of ``verify.json``."""

CONFIG = "task.toml"
SUBMISSION = PLACES["SUBMISSION_DIR"] / "submission.csv"

_LAYOUT = "1.4"  # of Harbor's task.toml
_MIB = 1 << 20
_CODE = {".toml", ".py", ".md", ".csv", ".zip", ".json"}
_OBFUSCATED_ID = "competition"
# Grading takes seconds and some hundred MiB (see `mlegrade sizes`); reading an image, longer.
_VERIFIER = {"cpus": 2, "memory_mb": 4096, "storage_mb": 10240, "gpus": 0}
_VERIFIER_SECONDS = 900.0
_BUILD_SECONDS = 3600
_BUILD_BYTES = 20e6  # a second, at the least
_TEST = """\
#!/bin/sh
# Grade what the agent left behind. Where that cannot be done, there is no reward, not one of 0.
exec python3 -m mlegrade.integrations.harbor /tests/verify.json
"""
_VALIDATE = """\
#!/bin/sh
# Tell whether a submission has the right form: validate_submission.sh [FILE]
exec python3 -m mlegrade.cli validate "${{1:-{submission}}}" {competition}{sample}
"""
_VALIDATOR = "/home/validate_submission.sh"
_CHECK = """\
`/home/validate_submission.sh FILE` says what is wrong with a file's form. It does not know the
answers, so it never tells a score; ask it as often as you like."""
_END = """\
Then you are stopped, and what is in the file counts. The variable TIME_LIMIT_SECS holds the
seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a task's folder holds, but for the solution.

    Parameters
    ----------
    competition : Competition
        The competition.
    texts : mapping of str to bytes
        Files by their names in the task, and what stands in them.
    files : mapping of str to path
        Files by their names in the task, and where they are now.
    sizes : mapping of str to int
        The bytes of those.
    answers : Path
        The answers.
    """

    competition: Competition
    texts: Mapping[str, bytes]
    files: Mapping[str, Path]
    sizes: Mapping[str, int]
    answers: Path

    @property
    def total_bytes(self) -> int:
        """The bytes of all files."""
        return sum(self.sizes.values()) + sum(map(len, self.texts.values()))


def describe(competition: Competition, paths: CompetitionPaths, options: TaskOptions) -> Task:
    """Return the task that a prepared competition becomes.

    Raises
    ------
    SetupError
        If its public data is not fit for it.
    """
    public = dict(_files_below(paths.public))
    if options.obfuscated:
        public = {name: path for name, path in public.items() if name not in DESCRIPTIONS}
    answers = paths.private / competition.answers_file
    _keep_apart(public, answers)
    own = _own_files(competition)
    # What a folder of its own declares, mlegrade in the agent's environment does not know.
    validator = options.validator and not options.obfuscated and not own
    files = {f"environment/data/{name}": path for name, path in public.items()}
    sizes = {name: path.stat().st_size for name, path in files.items()}
    config = _config(competition, answers, sum(sizes.values()), options)
    files |= {f"tests/competition/{name}": path for name, path in own.items()}
    files[f"tests/prepared/private/{competition.answers_file}"] = answers.resolve()
    if options.wheel is not None:
        for part in ("environment", "tests") if validator else ("tests",):
            files[f"{part}/{Path(options.wheel).name}"] = Path(options.wheel)
    texts = {
        CONFIG: config,
        "instruction.md": _instruction(competition, options, validator=validator),
        "environment/Dockerfile": _environment(competition, options, validator=validator),
        "tests/Dockerfile": _verifier(options),
        "tests/test.sh": _TEST,
        "tests/verify.json": _verify(competition, answers, options, own=bool(own)),
    }
    if validator:
        texts["environment/validate_submission.sh"] = _validate(competition, public)
    if (variant := data.variant(answers)) is not None:
        texts[f"tests/prepared/{data.ABOUT}"] = to_json({"variant": variant}, indent=2) + "\n"
    return Task(
        competition=competition,
        texts={name: text.encode() for name, text in texts.items()},
        files=files,
        sizes=sizes | {n: path.stat().st_size for n, path in files.items() if n not in sizes},
        answers=answers,
    )


def _validate(competition: Competition, public: Iterable[str]) -> str:
    """Return the script that tells an agent whether a file has the right form."""
    sample = competition.sample_submission_file
    return _VALIDATE.format(
        submission=SUBMISSION,
        competition=competition.id,
        sample=f" --sample {PLACES['DATA_DIR'] / sample}" if sample in public else "",
    )


def _files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder by their names in it; a link to a file is that file."""
    folder = folder.resolve()
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in folders:
            if (linked := Path(place, name)).is_symlink():  # it may lead back to where we come from
                raise SetupError(
                    f"{linked} is a link to a folder; these are not followed.",
                    "Put the folder itself there.",
                )
        for name in sorted(names):
            path = Path(place, name)
            yield path.relative_to(folder).as_posix(), path.resolve(strict=True)


def _keep_apart(public: Mapping[str, Path], answers: Path) -> None:
    """Refuse public data with the answers in it, under whatever name."""
    size = answers.stat().st_size
    for name, path in public.items():
        if path.stat().st_size == size and filecmp.cmp(path, answers, shallow=False):
            raise SetupError(
                f"the public file {name} is the answers file {answers} again.",
                "Prepare the competition anew: `mlegrade prepare` with --force.",
            )


def _own_files(competition: Competition) -> dict[str, Path]:
    """Return the files of a competition that does not come with mlegrade."""
    if (competition.package or "").startswith("mlegrade."):
        return {}
    found = dict(_files_below(competition.folder))
    return {name: path for name, path in found.items() if PurePosixPath(name).suffix in _CODE}


def _instruction(competition: Competition, options: TaskOptions, *, validator: bool) -> str:
    network = "hosts" if options.allowed_hosts else options.network
    return instructions(
        competition,
        options.limits,
        network=network,
        obfuscated=options.obfuscated,
        surroundings=Surroundings(
            check=_CHECK if validator else "",
            end=_END,
            places=f"{SCRIPT}\n\n{VARIABLES}" if validator else f"\n{VARIABLES}",
        ),
    )


def _verify(competition: Competition, answers: Path, options: TaskOptions, *, own: bool) -> str:
    with answers.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return to_json(
        {
            "schema_version": SCHEMA_VERSION,
            "competition": competition.id,
            "competition_folder": "competition" if own else None,
            "answers": f"prepared/private/{competition.answers_file}",
            "answers_sha256": digest,
            "reward": options.reward,
            "submission": str(SUBMISSION),
        },
        indent=2,
    ) + "\n"  # fmt: skip


def _environment(competition: Competition, options: TaskOptions, *, validator: bool) -> str:
    """Return the Dockerfile of the agent's environment."""
    lines, user = [f"FROM {options.image}"], None
    if options.dockerfile is not None:
        lines = Path(options.dockerfile).read_text(encoding="utf-8").rstrip("\n").split("\n")
        user = _last_user(lines)
        lines += ["", "USER root"]
    packages = list(options.packages)
    if validator:
        copied, package = _mlegrade(options)
        lines += copied
        packages.append(package)
    lines += _pip(packages)
    folders = " ".join(str(place) for name, place in PLACES.items() if name != "DATA_DIR")
    lines.append(f"RUN mkdir -p {folders} && chmod 0777 {folders}")
    if validator:
        lines.append(f"COPY validate_submission.sh {_VALIDATOR}")
    lines.append(f"COPY data/ {PLACES['DATA_DIR']}/")
    known = {name: str(place) for name, place in PLACES.items()}
    known["COMPETITION_ID"] = _OBFUSCATED_ID if options.obfuscated else competition.id
    known["TIME_LIMIT_SECS"] = str(round(options.limits.time))
    lines += [f"ENV {name}={value}" for name, value in sorted(known.items())]
    lines.append(f"WORKDIR {PLACES['CODE_DIR']}")
    if user is not None:
        lines.append(f"USER {user}")
    return "\n".join([*lines, ""])


def _last_user(lines: Iterable[str]) -> str | None:
    """Return the user that a Dockerfile ends with, if it names one."""
    user = None
    for line in lines:
        if found := re.match(r"\s*(FROM|USER)\s+(\S+)", line, re.IGNORECASE):
            user = found[2] if found[1].upper() == "USER" else None
    return user


def _verifier(options: TaskOptions) -> str:
    """Return the Dockerfile of the verifier: mlegrade below the answers, to be built once."""
    copied, package = _mlegrade(options)
    lines = [f"FROM {options.verifier_image}", *copied, *_pip([package]), "COPY . /tests/"]
    return "\n".join([*lines, ""])


def _mlegrade(options: TaskOptions) -> tuple[list[str], str]:
    """Return lines that bring mlegrade into an image, and what pip then has to install."""
    if options.wheel is None:
        return [], f"mlegrade=={mlegrade.__version__}"
    name = Path(options.wheel).name
    return [f"COPY {name} /opt/mlegrade/"], f"/opt/mlegrade/{name}"


def _pip(packages: list[str]) -> list[str]:
    # As a list it passes no shell, in which ">" and "[" mean something else.
    command = ["python3", "-m", "pip", "install", "--no-cache-dir", *packages]
    return [f"RUN {json.dumps(command)}"] if packages else []


def _config(
    competition: Competition, answers: Path, public_bytes: int, options: TaskOptions
) -> str:
    """Return ``task.toml``."""
    limits = options.limits
    network: dict[str, Any] = {"network_mode": "no-network"}
    # Whoever gives agents the public network may have a provider that can give no other.
    if options.network == "public":
        network = {"network_mode": "public"}
    allowed = {"network_mode": "allowlist", "allowed_hosts": list(options.allowed_hosts)}
    build = {"build_timeout_sec": float(_BUILD_SECONDS + int(public_bytes / _BUILD_BYTES))}
    environment = {
        "cpus": None if limits.cpus is None else float(limits.cpus),
        "memory_mb": _mebibytes(limits.memory),
        "storage_mb": _mebibytes(limits.disk + public_bytes),
        "gpus": limits.gpus,
    }
    variant = data.variant(answers)
    facts = {
        "competition": competition.id,
        "title": competition.name,
        "category": competition.category,
        "complexity": competition.complexity,
        "metric": competition.metric,
        "higher_is_better": competition.higher_is_better,
        "reward": options.reward,
        "data_variant": variant,
        "known_issues": list(competition.flags_of(variant)),
        "mlegrade": mlegrade.__version__,
    }
    return _toml(
        {"schema_version": _LAYOUT, "artifacts": [str(PLACES["SUBMISSION_DIR"])]},
        {
            "[task]": {
                "name": f"mlegrade/{competition.id}",
                "description": f"{competition.name} ({competition.category})",
                "keywords": ["mle-bench", "kaggle", "machine-learning"],
            },
            "[metadata]": facts,
            "[agent]": {"timeout_sec": float(limits.time)},
            "[environment]": (allowed if options.allowed_hosts else network) | environment | build,
            "[verifier]": {"environment_mode": "separate", "timeout_sec": _VERIFIER_SECONDS},
            # A folder that never arrives is a fault of the set-up, not of an agent: for that, one
            # that an agent removed has to be there again.
            "[[verifier.collect]]": {"command": f"mkdir -p {PLACES['SUBMISSION_DIR']}"},
            "[verifier.environment]": network | _VERIFIER | build,
        },
    )


def _mebibytes(count: int | None) -> int | None:
    return None if count is None else math.ceil(count / _MIB)


def _toml(top: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Return TOML; what is None is left out. Its texts, numbers and lists look like JSON's."""
    lines = list(_pairs(top))
    for name, table in tables.items():
        lines += ["", name, *_pairs(table)]
    return "\n".join([*lines, ""])


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if value is not None:
            yield f"{name} = {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
