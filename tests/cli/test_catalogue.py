"""`mlegrade list`, `info`, `describe` and `doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import mlegrade
from cli.spooky import SPOOKY, parsed
from mlegrade.competitions import SPLITS

if TYPE_CHECKING:
    from pathlib import Path

    from cli.spooky import Call


@pytest.mark.parametrize("split", [*SPLITS, None])
def test_list_shows_a_split(call: Call, split: str | None) -> None:
    result = call("list", *([split] if split else []))
    assert result.exit_code == 0
    shown = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert shown == mlegrade.competitions(split)


def test_list_narrows(call: Call) -> None:
    every = parsed(call("list", "all", "--json"))
    texts = parsed(call("list", "all", "--category", "TEXT", "--json"))
    sound = parsed(call("list", "all", "--without", "leak", "--json"))
    assert 0 < len(texts) < len(every)
    assert all("text" in entry["category"].lower() for entry in texts)
    assert sound == [entry for entry in every if "leak" not in entry["flags"]]


@pytest.mark.parametrize("arguments", [["heavy"], ["--without", "lek"]])
def test_list_refuses_what_it_does_not_know(call: Call, arguments: list[str]) -> None:
    assert call("list", *arguments).exit_code == 2


def test_info_tells_the_facts(call: Call) -> None:
    result = call("info", "SPOOKY")
    assert result.exit_code == 0
    for text in (SPOOKY, "Text Classification", "log_loss, lower is better", "0.16506", "0.29381"):
        assert text in result.stdout


def test_info_json_has_the_schema(call: Call) -> None:
    info = parsed(call("info", "spooky", "--json"))
    assert info["id"] == SPOOKY
    assert info["thresholds"]["gold"] == pytest.approx(0.16506)
    names = [column["name"] for column in info["schema"]["columns"]]
    assert names == ["id", "EAP", "HPL", "MWS"]


@pytest.mark.parametrize("name", mlegrade.competitions())
def test_info_serves_every_competition(call: Call, name: str) -> None:
    assert call("info", name).exit_code == 0
    assert parsed(call("info", name, "--json"))["id"] == name


def test_describe_gives_markdown(call: Call) -> None:
    open_text = call("describe", "spooky").stdout
    hidden = parsed(call("describe", "spooky", "--obfuscated", "--json"))
    assert open_text == mlegrade.competition("spooky").description().rstrip("\n") + "\n"
    assert hidden["obfuscated"]
    assert hidden["description"] != open_text


def test_doctor_finds_what_is_prepared(call: Call) -> None:
    result = call("doctor")
    assert result.exit_code == 0
    assert f"✓  {SPOOKY}" in result.stdout
    assert "not prepared: mlegrade prepare" in result.stdout


def test_doctor_says_how_to_mend(call: Call, data_dir: Path) -> None:
    (data_dir / SPOOKY / "prepared" / "private" / "test.csv").unlink()
    result = call("doctor", "spooky")
    assert result.exit_code == 3
    assert "test.csv" in result.stdout
    assert f"mlegrade prepare {SPOOKY} --data-dir" in result.stdout


def test_doctor_speaks_json(call: Call, data_dir: Path) -> None:
    found = parsed(call("doctor", "--json"))
    assert found["mlegrade"] == mlegrade.__version__
    assert found["data_dir"] == str(data_dir)
    assert found["data_dir_state"] == "writable"
    assert {entry["competition_id"] for entry in found["competitions"] if entry["prepared"]} == {
        SPOOKY
    }
    packages = {package["name"]: package for package in found["packages"]}
    assert packages["pandas"]["good"]
    assert packages["py7zr"]["extra"] == "prepare"


def test_doctor_names_a_package_that_is_missing(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = [
        "pandas>=2.2",
        "no-such-package>=1",
        "pip>=9999",
        'none-such>=1; extra == "prepare"',
    ]
    monkeypatch.setattr("mlegrade.cli.doctor.requires", lambda _: declared)
    result = call("doctor", "--json")
    assert result.exit_code == 3
    mend = {package["name"]: package["mend"] for package in parsed(result)["packages"]}
    assert mend == {
        "pandas": None,
        "no-such-package": "pip install 'no-such-package>=1'",
        "pip": "pip install 'pip>=9999'",
        "none-such": "pip install 'mlegrade[prepare]'",
    }


def test_a_missing_extra_is_no_fault(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = ['none-such>=1; extra == "prepare"']
    monkeypatch.setattr("mlegrade.cli.doctor.requires", lambda _: declared)
    result = call("doctor")
    assert result.exit_code == 0
    assert "mlegrade[prepare]" in result.stdout


def test_a_split_may_be_an_option_as_everywhere(call: Call) -> None:
    assert call("list", "--split", "lite").stdout == call("list", "lite").stdout
    assert call("list", "lite", "--split", "lite").exit_code == 2
