"""The report in HTML: self-contained, well-formed, for everybody; and how it looks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mlegrade import plots
from mlegrade.summary import Grid, arrange
from summary.reports import LITE, graded, run

TEMPLATE = Path(plots.__file__).with_name("report.html.j2")
VOID = {"meta", "link", "br", "img", "hr", "input"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REASON = "The submission lacks 12 of the 1162 keys of the sample submission."


class Page(HTMLParser):
    """Collects elements; refuses tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, Any], tuple[str, ...]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, Any]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def lite_grid(seeds: int = 3) -> Grid:
    """Return runs over lite with every outcome, snapshots and hours among them."""
    runs = []
    for at, name in enumerate(LITE):
        for seed in range(1, seeds + 1):
            medal = "gsbvi-"[(at + seed * seed) % 6]
            more: dict[str, Any] = {"meta": {"elapsed": 3600.0 * (1 + at % 20)}}
            if medal == "i":
                more["error"] = {"code": "missing_rows", "message": REASON}
            hours = 1 + at
            moments = [(hours / 2, graded(name, "v")), (hours, graded(name, medal, **more))]
            line = [] if medal == "-" else [(3600.0 * hour, grade) for hour, grade in moments]
            runs.append(run(name, str(seed), medal, timeline=tuple(line), **more))
    return arrange(runs, split="lite")


@pytest.fixture(scope="module")
def html() -> str:
    return plots.html_report(
        lite_grid(), title="An agent on lite", name="lite", exclude_flags=["leak"]
    )


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_same_runs_give_the_same_bytes(html: str) -> None:
    again = plots.html_report(
        lite_grid(), title="An agent on lite", name="lite", exclude_flags=["leak"]
    )
    assert again == html


def test_nothing_is_fetched_or_run(html: str, page: Page) -> None:
    assert not page.all("script")
    assert not page.all("link")
    for _, attributes, _ in page.elements:
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert attributes.get(name, "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    without_names = re.sub(r'xmlns(:\w+)?="[^"]*"', "", html)
    assert "http" not in without_names.replace("http-equiv", "")
    assert "@import" not in html


def test_landmarks_and_headings(page: Page) -> None:
    for tag in ("header", "main", "footer", "nav", "h1", "title"):
        assert len(page.all(tag)) == 1, tag
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert next(a for t, a, _ in page.elements if t == "a")["href"] == "#main"


def test_ids_are_unique_and_references_lead_somewhere(page: Page) -> None:
    ids = Counter(a["id"] for _, a, _ in page.elements if "id" in a)
    assert max(ids.values()) == 1
    for _, attributes, _ in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(name, "").split()) <= set(ids)
        for name in ("href", "xlink:href"):
            assert attributes.get(name, "#")[1:] in {"", *ids}
        for target in re.findall(r"url\(#([^)]*)\)", " ".join(map(str, attributes.values()))):
            assert target in ids


def test_tables_can_be_heard(page: Page) -> None:
    assert len(page.all("table")) == len(page.all("caption")) == 2
    assert all(heading.get("scope") in {"col", "row"} for heading in page.all("th"))
    # What scrolls can be reached by keyboard, and has a name.
    for _, attributes, _ in page.elements:
        if attributes.get("role") == "region":
            assert attributes["tabindex"] == "0"
            assert attributes.get("aria-labelledby") or attributes.get("aria-label")


def test_pictures_are_told_in_words(page: Page) -> None:
    pictures = [a for _, a, _ in page.elements if a.get("role") == "img"]
    assert len(pictures) == len(page.all("svg")) == len(page.all("figcaption")) == 3
    assert all(len(picture["aria-label"]) > 40 for picture in pictures)
    assert all(svg["aria-hidden"] == "true" and "viewbox" in svg for svg in page.all("svg"))


def luminance(colour: str) -> float:
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted([luminance(one), luminance(two)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough() -> None:
    style = TEMPLATE.read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+): (#\w+)", style))
    cells = re.findall(r"\.(?:gold|silver|bronze|no-medal|invalid) \{ background: (#\w+)", style)
    assert len(cells) == 5
    pairs = [(named["ink"], cell) for cell in [*cells, named["paper"], "#fff"]]
    pairs += [
        (named[name], paper) for name in ("soft", "link") for paper in (named["paper"], "#fff")
    ]
    pairs += [(re.findall(r"\.reason \{[^}]*color: (#\w+)", style)[0], "#fff")]
    assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_everything_is_said(page: Page) -> None:
    assert "An agent on lite" in page.text
    assert "22 competitions, 3 seeds" in page.text
    assert "lite without leak" in page.text
    assert f"{REASON} (missing_rows)" in page.text
    assert "Nothing was handed in." in page.text
    for name in LITE:
        assert page.words.count(name) == 2


def test_names_are_text_and_nothing_else() -> None:
    evil = "<script>alert(1)</script>"
    error = {"code": evil, "message": f'"{evil}\u202e'}
    made = run(LITE[0], evil, "i", error=error)
    found = Page(plots.html_report(arrange([made]), title=evil, name=evil, notes=[evil]))
    assert not found.all("script")
    assert evil in found.text


def test_few_competitions_are_shown_on_their_leaderboards() -> None:
    few = Page(plots.html_report(arrange([run(name, "1", "b") for name in LITE[:3]])))
    assert len(few.all("figure")) == 3
    assert f"{LITE[0]}: the score of 1 run among" in few.text
    ids = [a["id"] for _, a, _ in few.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert not Page(plots.html_report(arrange([run(LITE[0], "1", "i")]))).all("figure")


def test_padded_and_dropped_runs_are_said() -> None:
    runs = [run(LITE[0], "1", "g"), run(LITE[0], "2", "g"), run(LITE[1], "1", "v")]
    padded = Page(plots.html_report(arrange(runs, incomplete="fail")))
    assert "1 missing run counted as failed" in padded.text
    assert "There is no report of this run." in padded.text
    dropped = Page(plots.html_report(arrange(runs, incomplete="drop")))
    assert f"Left out for missing runs: {LITE[1]}." in dropped.text


def browse(source: Path, *options: str) -> str:
    """Open a page in Chromium."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", *options)
    profile = f"--user-data-dir={source.parent / 'profile'}"
    done = subprocess.run(
        [str(CHROMIUM), *options, profile, source.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=900,
    )
    return done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed.")
def test_many_seeds_scroll_in_their_table_and_not_the_page(tmp_path: Path) -> None:
    made = plots.html_report(arrange([run(LITE[0], str(seed), "g") for seed in range(60)]))
    page = re.sub(r"<meta http-equiv[^>]*>", "", made)  # which lets no script run
    source = tmp_path / "report.html"
    measure = "<script>document.title = document.documentElement.scrollWidth</script>"
    source.write_text(page + measure, encoding="utf-8")
    shown = browse(source, "--window-size=1280,2000", "--dump-dom")
    (width,) = re.findall(r"<title>(\d+)</title>", shown)
    assert int(width) <= 1280


@pytest.mark.parametrize(("name", "width"), [("phone", 390), ("desktop", 1280)])
def test_how_it_looks(html: str, tmp_path: Path, name: str, width: int) -> None:
    """A picture for people to look at, where there is Chromium; nothing may stick out sideways."""
    assert f"minmax(min(100%, {26}rem), 1fr)" in html  # figures never get wider than the screen
    folder = Path(os.environ.get("MLEGRADE_ARTEFACTS", tmp_path))
    source, picture = tmp_path / "report.html", folder / f"report-{name}.png"
    source.write_text(html, encoding="utf-8")
    if CHROMIUM is None:
        return
    browse(source, "--hide-scrollbars", f"--window-size={width},4000", f"--screenshot={picture}")
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    assert pixels.shape[1] == width
    paper = np.array([0xF5, 0xF7, 0xF9])
    assert np.abs(pixels[:, -8:] - paper).max() <= 2
    assert np.abs(pixels[:, :8] - paper).max() <= 2
    assert np.count_nonzero(pixels.sum(axis=2) < 200) > 5000  # there is text
