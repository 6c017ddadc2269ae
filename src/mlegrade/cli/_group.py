"""The group of commands: names them without importing them, and turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

import mlegrade
from mlegrade.cli._output import echo_json, fail, failure, message
from mlegrade.errors import (
    InvalidSubmissionError,
    MlegradeError,
    UnknownCompetitionError,
    UsageError,
)

__all__ = ["COMMANDS", "INVALID", "SETUP", "USAGE", "Command", "cli"]

INVALID = 1
USAGE = 2
SETUP = 3
_INTERRUPTED = 130
_BROKEN_PIPE = 141

COMMANDS = {
    "demo": "Grade submissions to a competition made on the spot.",
    "grade": "Grade a submission: score, medal, place on the leaderboard.",
    "grade-many": "Grade the submissions that a JSON Lines file names.",
    "validate": "Check a submission's form without any answers.",
    "list": "List the competitions, all or of one split.",
    "info": "Show what is known about a competition.",
    "describe": "Print a competition's task as an agent is told.",
    "new": "Make a package for a competition of your own.",
    "synth": "Write synthetic data in which grading and running agents work.",
    "prepare": "Make public and private data of a Kaggle download.",
    "run": "Run an agent on competitions, apart from the answers and against the clock.",
    "grade-run": "Grade what the runs of a group left behind, and their snapshots.",
    "export": "Write competitions as tasks of another harness: of Harbor.",
    "summarize": "Sum reports up: shares of runs with their standard errors over seeds.",
    "compare": "Compare two sets of reports, paired by competition and seed.",
    "plot": "Draw reports: medals over time, pass@k, a heat map, a place on the leaderboard.",
    "report": "Write a report in HTML: one file, with tables, figures and every competition.",
    "check-code": "Compare submitted code with reference notebooks, and report pairs that share "
    "much.",
    "check-rules": "Ask a judge whether a run's logs and code show that a rule was broken.",
    "serve": "Say over HTTP whether submissions have the right form, without any answers.",
    "mcp": "Give agents tools over the Model Context Protocol: tasks, and whether a file is valid.",
    "sizes": "Show what data costs: to download, to store, to grade.",
    "doctor": "Look at what is installed and prepared, and say what is missing.",
}
"""The commands in the order of the help; each lives in the module of its name."""


class Command(click.Command):
    """A command with an example at the end of its help.

    Parameters
    ----------
    example : str
        One command a line.
    """

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it stands."""
        del ctx
        with formatter.section("Example"):
            for line in self.example.splitlines():
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class _LazyGroup(click.Group):
    """Knows the names and one-line helps of its commands, and imports the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"mlegrade.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(name.lower().replace("_", "-"), COMMANDS, n=1)
        meant = f"Did you mean {near[0]}?" if near else "`mlegrade --help` lists them."
        raise click.UsageError(f"there is no command {name!r}. {meant}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong becomes a message and an exit code, never a traceback."""
        given = list(ctx.args)
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read our output has seen enough.
            _let_go_of_stdout()
            ctx.exit(_BROKEN_PIPE)
        except (KeyboardInterrupt, EOFError):
            click.echo("", err=True)
            ctx.exit(_INTERRUPTED)
        except click.UsageError as error:
            # It may come up before the command has looked at its options.
            if "--json" in given:
                echo_json(failure("UsageError", error.format_message()))
            raise
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 none of them is the submission's fault
            try:
                fail(ctx, type(error).__name__, _said(error))
            except OSError:  # of a disk that is full, say: who reads stdout gets what there is
                _let_go_of_stdout()
                message(_said(error))
            ctx.exit(_exit_code(error))
        return result


def _let_go_of_stdout() -> None:
    """Have the interpreter flush into nothing, at its end, what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _said(error: Exception) -> str:
    """Return an error's message; what the operating system reports lacks what to do about it."""
    if not isinstance(error, MlegradeError | OSError):
        return (
            f"{type(error).__name__}: {error}. Nobody foresaw this: please report it, with the "
            "command."
        )
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    what = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return f"{what}. Mend that, or name another place; then run the command again."


def _exit_code(error: Exception) -> int:
    if isinstance(error, InvalidSubmissionError):
        return INVALID
    return USAGE if isinstance(error, UnknownCompetitionError | UsageError) else SETUP


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 good, 1 invalid submission, 2 usage, 3 set-up (data, packages).",
)
@click.version_option(mlegrade.__version__, message="mlegrade %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Grade submissions to MLE-bench's Kaggle competitions.

    COMPETITION is an id of `mlegrade list` or any unambiguous beginning of one. Results are on
    stdout (with --json as JSON and nothing else), messages on stderr.
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
