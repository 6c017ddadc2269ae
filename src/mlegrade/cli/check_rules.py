"""The command ``check-rules``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from mlegrade.cli import _options
from mlegrade.cli._group import Command
from mlegrade.cli._output import clean, echo_json, message, table

_KEY = "MLEGRADE_JUDGE_KEY"


@click.command(
    cls=Command,
    example="mlegrade check-rules runs/aide/spooky-author-identification/seed-0 "
    "--judge http://localhost:8000/v1 --model MODEL",
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--judge",
    "url",
    required=True,
    metavar="URL",
    help=f"An OpenAI-compatible endpoint; its key, if any, is taken from ${_KEY}.",
)
@click.option("--model", required=True, help="The model to ask there.")
@click.option(
    "--rules",
    "rules_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A JSON object of other rules, each a sentence by its name.",
)
@_options.json_flag
def command(folder: Path, url: str, model: str, rules_file: Path | None, as_json: bool) -> None:
    """Ask a judge whether a run's logs and code show that a rule was broken.

    Logs and code in FOLDER are sent to the endpoint. What it holds against the run is a reason to
    look, not a proof.
    """
    from mlegrade.summary import RULES, check_rules, endpoint_judge, read_texts

    rules = RULES if rules_file is None else _rules(rules_file)
    try:
        judge = endpoint_judge(url, model, key=os.environ.get(_KEY))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--judge'") from error
    texts = read_texts(folder)
    if not texts:
        raise click.BadParameter(
            f"{folder} holds no logs and no code; name the folder of a run.",
            param_hint="'FOLDER'",
        )
    found = check_rules(texts, judge, rules=rules)
    if as_json:
        echo_json({"files": sorted(texts), "findings": [asdict(finding) for finding in found]})
        return
    table(
        ("rule", "file", "quoted", "evidence"),
        [
            (
                clean(finding.rule),
                clean(finding.file),
                "yes" if finding.quoted else "no",
                clean(" ".join(finding.evidence.split())),
            )
            for finding in found
        ],
    )
    message(f"files: {len(texts)}, findings: {len(found)}.")


def _rules(path: Path) -> dict[str, str]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.BadParameter(f"is no JSON ({error}).", param_hint="'--rules'") from error
    if not isinstance(data, dict) or not data or not all(isinstance(v, str) for v in data.values()):
        raise click.BadParameter("has to be an object of sentences.", param_hint="'--rules'")
    return data
