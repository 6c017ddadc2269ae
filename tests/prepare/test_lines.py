"""Tables in parts come out as they would as a whole."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlegrade.errors import SetupError
from mlegrade.prepare import (
    Workspace,
    _tables,
    append_csv,
    first_of_json,
    parquet_parts,
    write_csv,
    write_parquet,
)
from mlegrade.prepare._lines import Lines
from scratch import new_folder

if TYPE_CHECKING:
    from pathlib import Path

CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "NA", '"', '""', "\n", 'a "quoted",\ncell', "1.50", "-0", "naïve 雪", "a\r\nb"]
    ),
    st.text(st.sampled_from('a",\n é'), max_size=6),
)


@pytest.mark.parametrize("quotes", [_tables._QUOTES_RETURNS, True])
def test_a_lone_carriage_return_needs_no_quotes(
    quotes: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Python from 3.13 on gives it some, earlier ones and so MLE-bench's data do not."""
    monkeypatch.setattr(_tables, "_QUOTES_RETURNS", quotes)
    table = pd.DataFrame({"id": [1, 2], "text": ["a\rb", 'c\r,"'], "mixed": [True, "\r"]})
    expected = b'id,text,mixed\n1,a\rb,True\n2,"c\r,""",\r\n'
    write_csv(tmp_path / "whole.csv", table)
    append_csv(tmp_path / "parts.csv", table)
    Lines([table], tmp_path / "lines").write(tmp_path / "lines.csv", np.arange(2))
    for name in ("whole", "parts", "lines"):
        assert (tmp_path / f"{name}.csv").read_bytes() == expected
    assert table["text"][0] == "a\rb"


def in_parts(table: pd.DataFrame, size: int = 7) -> list[pd.DataFrame]:
    return [table.iloc[at : at + size] for at in range(0, len(table), size)]


@given(
    cells=st.lists(st.tuples(CELLS, st.floats(), CELLS), min_size=1, max_size=60), data=st.data()
)
def test_lines_are_written_as_pandas_writes_them(cells: list[tuple], data: st.DataObject) -> None:
    """Whatever is in the cells, and in whatever order the rows are taken."""
    table = pd.DataFrame(cells, columns=["text", "number", "more, so"])
    folder = new_folder()
    lines = Lines(in_parts(table), folder / "lines")
    assert len(lines) == len(table)
    order = np.array(data.draw(st.permutations(range(len(table)))), int)
    order = order[: data.draw(st.integers(0, len(table)))]
    lines.write(folder / "some.csv", order)
    write_csv(folder / "expected.csv", table.iloc[order])
    assert (folder / "some.csv").read_bytes() == (folder / "expected.csv").read_bytes()
    if len(order):
        lines.write(folder / "less.csv", order, lambda part: part.drop(columns="number"))
        write_csv(folder / "expected.csv", table.iloc[order].drop(columns="number"))
        assert (folder / "less.csv").read_bytes() == (folder / "expected.csv").read_bytes()


def test_columns_are_of_the_kinds_that_they_have_as_a_whole(tmp_path: Path) -> None:
    """A gap or a fraction in a late row makes floats of all numbers; words make texts."""
    rows = 50
    table = pd.DataFrame(
        {
            "whole": range(rows),
            "gap": [*range(rows - 1), None],
            "late": [*range(rows - 1), 0.1 + 0.2],
            "word": [*map(str, range(rows - 1)), "x"],
            "flag": [True, False] * (rows // 2),
            "maybe": [*[True, False] * (rows // 2 - 1), True, None],
        }
    )
    write_csv(tmp_path / "raw.csv", table)
    (tmp_path / "made").mkdir()
    with closing(Workspace("toy", tmp_path, tmp_path / "made")) as files:
        lines = files.lines("raw.csv")
        lines.write(tmp_path / "found.csv", np.arange(rows)[::-1])
        write_csv(tmp_path / "expected.csv", files.read_csv("raw.csv")[::-1])
    assert (tmp_path / "found.csv").read_text() == (tmp_path / "expected.csv").read_text()


def test_a_table_is_appended_to_itself(tmp_path: Path) -> None:
    table = pd.DataFrame({"id": range(30), "text": ["é, so", None, "a"] * 10})
    for part in in_parts(table):
        append_csv(tmp_path / "new" / "table.csv", part)
    write_csv(tmp_path / "whole.csv", table)
    assert (tmp_path / "new" / "table.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_parquet_in_parts(tmp_path: Path) -> None:
    table = pd.DataFrame({"id": range(50), "angle": np.linspace(0, 1, 50, dtype="float32")})
    write_parquet(tmp_path / "new" / "table.parquet", in_parts(table))
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "new" / "table.parquet"), table)
    parts = list(parquet_parts(tmp_path / "new" / "table.parquet", ["id"]))
    assert len(parts) > 1
    assert pd.concat(parts)["id"].tolist() == list(range(50))


@pytest.mark.parametrize("size", [1, 70_000, 200_000])
def test_the_first_of_a_list_in_json(size: int, tmp_path: Path) -> None:
    first = {"id": "é", "band": [0.5] * size}
    path = tmp_path / "list.json"
    path.write_text(f" \n[ {json.dumps(first, ensure_ascii=False)}, {{", encoding="utf-8")
    assert first_of_json(path) == first


@pytest.mark.parametrize("text", ["", "[", '[{"id": 1'])
def test_a_list_in_json_that_is_cut_short(text: str, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(SetupError, match="Download it again"):
        first_of_json(tmp_path / "list.json")
