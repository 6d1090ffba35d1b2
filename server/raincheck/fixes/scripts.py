"""SQL scripts that a person runs beside the migrations: where they lie, so that neither Drizzle nor Raincheck runs them."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.project.project import Project

SCRIPTS = "drizzle-scripts"
"""The folder, beside the migrations folder: inside it Drizzle 1.0 would look for a migration, and Raincheck too."""

LONGEST_NAME = 80
"""Characters of a script's name, without `.sql`."""


def script_path(project: Project, name: str) -> str:
    """Where a script of that name goes, relative to the project's root: `drizzle-scripts/fill_users_locale.sql`."""
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_NAME].rstrip("_")
    beside = posixpath.dirname(posixpath.normpath(project.out))
    return posixpath.normpath(posixpath.join(beside, SCRIPTS, f"{slug}.sql"))
