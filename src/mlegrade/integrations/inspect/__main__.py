"""``python -m mlegrade.integrations.inspect LOG...``: the reports of logs, as JSON Lines."""

from __future__ import annotations

import argparse
import sys

from mlegrade.errors import MlegradeError

_SETUP = 3


def main() -> int:
    """Print reports, as a program; return its exit code: 0, or 3 where a log cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m mlegrade.integrations.inspect",
        description="Print the reports in logs of Inspect AI as JSON Lines.",
        epilog="Exit codes: 0 good; 3 set-up: a log that cannot be read, a missing package.",
    )
    parser.add_argument("logs", nargs="+", metavar="LOG", help="a log, or a folder of logs")
    given = parser.parse_args()
    try:
        from mlegrade.integrations.inspect import reports  # noqa: PLC0415 it needs the extra

        for report in reports(*given.logs):
            sys.stdout.write(f"{report.to_json()}\n")
    except MlegradeError as error:
        sys.stderr.write(f"error: {error}\n")
        return _SETUP
    except (OSError, ValueError) as error:
        sys.stderr.write(f"error: a log cannot be read: {error}\n")
        return _SETUP
    return 0


if __name__ == "__main__":
    sys.exit(main())
