"""Make the digests of what preparers make of small raw data: `python scripts/make_pins.py`.

Run it after a change that is meant to change prepared data, and look at the difference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
TARGET = TESTS / "prepare" / "pins.json"


def render() -> str:
    """Return the content of the file."""
    sys.path.insert(0, str(TESTS))
    from mlegrade.competitions import get  # noqa: PLC0415
    from preparing import pins, prepared  # noqa: PLC0415 of the tests
    from raw import RAWS  # noqa: PLC0415
    from scratch import remove_folders  # noqa: PLC0415

    found = {}
    for name in sorted(RAWS):
        found[name] = pins(prepared(name))
        if get(name).fixes:
            found[f"{name} fixes"] = pins(prepared(name, fixes=True))
    remove_folders()
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="ascii", newline="\n")
