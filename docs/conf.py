"""Sphinx configuration; nothing here needs a network."""

from __future__ import annotations

import sys
from pathlib import Path

import mlegrade

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "mlegrade"
author = "The mlegrade authors"
project_copyright = author
version = release = mlegrade.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "competition_pages",
    "command_pages",
    "metric_pages",
    "difference_pages",
    "fixes_pages",
    "benchmark_pages",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Descriptions of competitions are written for agents, not for this site: their headings may skip
# a level.
suppress_warnings = ["myst.header"]

autosummary_generate = True
autosummary_imported_members = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"

html_theme = "furo"
html_title = "mlegrade"
html_show_copyright = False
html_show_sphinx = False
html_static_path: list[str] = []
