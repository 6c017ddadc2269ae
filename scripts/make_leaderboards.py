"""Pack leaderboards into the package: `python scripts/make_leaderboards.py FOLDER`.

FOLDER holds `<competition id>.csv` files with a column `score`, best first. A board is packed only
if the competition's `competition.toml` has a `[leaderboard]` section.
"""

from __future__ import annotations

import csv
import sys
import tomllib
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "mlegrade"
ARCHIVE = PACKAGE / "leaderboards" / "scores.zip"


def main(source: Path) -> None:
    """Check and pack the leaderboards of a folder."""
    boards = {}
    for facts_file in sorted((PACKAGE / "competitions").glob("*/competition.toml")):
        facts = tomllib.loads(facts_file.read_text(encoding="utf-8"))
        board = source / f"{facts['id']}.csv"
        if "leaderboard" in facts and board.is_file():
            with board.open(encoding="utf-8", newline="") as file:
                scores = [row["score"] for row in csv.DictReader(file)]
            in_order = sorted(scores, key=float, reverse=facts["higher_is_better"])
            if [*map(float, scores)] != [*map(float, in_order)]:
                raise SystemExit(f"{board} is not sorted, best first.")
            boards[facts["id"]] = "\n".join(scores)
    with zipfile.ZipFile(ARCHIVE, "w") as archive:
        for name, content in sorted(boards.items()):
            # A fixed date makes equal boards equal bytes.
            member = zipfile.ZipInfo(f"{name}.txt", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content, compresslevel=9)
    print(f"{ARCHIVE}: {len(boards)} leaderboards, {ARCHIVE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
