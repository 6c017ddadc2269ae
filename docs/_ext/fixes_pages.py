"""The directive ``fixes``: what ``mlegrade prepare --fixes`` does, competition by competition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from difference_pages import table
from docutils.parsers.rst import Directive

from mlegrade.competitions import get, ids

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


class Fixes(Directive):
    """Shows one table for all competitions."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = [(name, " ".join(fixes)) for name in ids() if (fixes := get(name).fixes)]
        return [table(("competition", "with --fixes"), (35, 65), rows)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("fixes", Fixes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
