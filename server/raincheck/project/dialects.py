"""The databases Drizzle Kit writes for: configurations, journals and snapshots name one."""

from __future__ import annotations

_POSTGRES = {"postgresql", "postgres", "pg"}
"""Configurations say "postgresql", 1.0's snapshots "postgres", journals before 0.21 "pg"."""

_OF_DRIVER = {
    "pg": "postgresql",
    "mysql2": "mysql",
    "better-sqlite": "sqlite",
    "libsql": "sqlite",
    "turso": "sqlite",
    "d1": "sqlite",
}
"""Configurations before drizzle-kit 0.21 have `driver`, and no `dialect`."""


def is_foreign(dialect: str | None) -> bool:
    """Whether it is certainly another database's than PostgreSQL's."""
    return dialect is not None and dialect not in _POSTGRES


def dialect_of(driver: str | None) -> str | None:
    """The dialect that an old configuration's `driver` stands for."""
    return _OF_DRIVER.get(driver or "")
