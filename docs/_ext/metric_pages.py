"""Writes one page for each family of metrics, from its module, and a table of all of them."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlegrade import metrics
from mlegrade.competitions import get, ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from sphinx.application import Sphinx

    from mlegrade.metrics import MetricInfo


def families() -> Iterator[tuple[str, ModuleType]]:
    """Yield the public modules of the metrics."""
    for found in pkgutil.iter_modules(metrics.__path__):
        if not found.name.startswith("_"):
            yield found.name, importlib.import_module(f"mlegrade.metrics.{found.name}")


def write_pages(app: Sphinx) -> None:
    """Write the folder ``metrics`` of the sources anew."""
    folder = Path(app.srcdir) / "metrics"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    names = []
    for name, module in families():
        names.append(name)
        title = str(module.__doc__).splitlines()[0].rstrip(".")
        (folder / f"{name}.md").write_text(
            f"# {title}\n\n```{{eval-rst}}\n.. automodule:: mlegrade.metrics.{name}\n```\n",
            encoding="utf-8",
        )
    (folder / "index.md").write_text("\n".join(_index(names)), encoding="utf-8")


def _index(names: list[str]) -> Iterator[str]:
    yield "# Metrics"
    yield ""
    yield str(metrics.__doc__)
    yield "A metric that is one competition's own lives in that competition's folder."
    yield ""
    yield "| metric | better | optimum | worst | competitions |"
    yield "| --- | --- | --- | --- | --- |"
    users: dict[str, int] = {}
    for name in ids():
        users[get(name).metric] = users.get(get(name).metric, 0) + 1
    for family, module in families():
        for function in _metrics(module):
            info: MetricInfo = function.info  # type: ignore[attr-defined]
            better = "higher" if info.higher_is_better else "lower"
            link = f"[`{info.name}`](#mlegrade.metrics.{family}.{info.name})"
            ends = f"{_number(info.optimum)} | {_number(info.worst)}"
            yield f"| {link} | {better} | {ends} | {users.get(info.name, 0) or ''} |"
    yield ""
    yield "```{toctree}"
    yield from names
    yield "```"
    yield ""
    yield "## What goes with them"
    yield ""
    yield "```{eval-rst}"
    for name in sorted(set(metrics.__all__) - _on_pages_of_families()):
        kind = "class" if inspect.isclass(getattr(metrics, name)) else "data"
        kind = "function" if inspect.isfunction(getattr(metrics, name)) else kind
        yield f".. auto{kind}:: mlegrade.metrics.{name}"
    yield "```"


def _on_pages_of_families() -> set[str]:
    return {name for _, module in families() for name in module.__all__}


def _metrics(module: ModuleType) -> list[Callable[..., float]]:
    functions = (getattr(module, name) for name in module.__all__)
    return [f for f in functions if inspect.isfunction(f) and hasattr(f, "info")]


def _number(value: float) -> str:
    return f"{value:g}" if math.isfinite(value) else ("∞" if value > 0 else "-∞")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the writer."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
