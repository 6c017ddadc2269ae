"""``python -m mlegrade.integrations.inspect LOG...``: the reports of logs, as JSON Lines."""

from __future__ import annotations

import sys

from mlegrade.integrations.inspect import reports

if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit("usage: python -m mlegrade.integrations.inspect LOG... > reports.jsonl")
    for report in reports(*sys.argv[1:]):
        sys.stdout.write(f"{report.to_json()}\n")
