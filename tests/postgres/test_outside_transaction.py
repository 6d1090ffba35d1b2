"""What refuses a transaction block, seen from beside on a real server: the locks of every relation as predicted.

See `support.gates` for how it is seen without luck. What is late is held against the index builds too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from locks.predictions import predict, replay
from locks.test_measured import strongest
from raincheck.locks.effects import effects
from raincheck.locks.probes import DOCS, EVENTS, ORDERS, USERS
from raincheck.sql.document import read
from support.gates import watch

if TYPE_CHECKING:
    from raincheck.catalog.schema import Schema
    from support.pg import Server

AGE = "CREATE INDEX users_age ON users (age)"
KIND = "CREATE INDEX events_kind ON events (kind)"
DEEP = (
    "CREATE TABLE logs (id integer NOT NULL, at date NOT NULL, kind text) PARTITION BY RANGE (at)",
    "CREATE TABLE logs_24 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (kind)",
    "CREATE TABLE logs_24_a PARTITION OF logs_24 FOR VALUES IN ('a')",
    "INSERT INTO logs SELECT g, '2024-05-05', 'a' FROM generate_series(1, 50) g",
    "CREATE INDEX logs_id ON logs (id)",
)
REFERRING = (
    *USERS,
    "CREATE TABLE events (id integer, at date, user_id integer REFERENCES users) PARTITION BY RANGE (at)",
    "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
)
REFERRED = (
    "CREATE TABLE events (id integer, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
    "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE tags (id integer, at date, FOREIGN KEY (id, at) REFERENCES events)",
)
AGES = (
    *USERS,
    "CREATE MATERIALIZED VIEW ages AS SELECT id, age FROM users",
    "CREATE INDEX ages_id ON ages (id)",
)
DETACH = "ALTER TABLE events DETACH PARTITION events_2024"


class Case(NamedTuple):
    """`interrupted` is given up while it waits, after the setup and before the statement."""

    setup: tuple[str, ...]
    statement: str
    since: int = 12
    until: int = 18
    interrupted: str = ""


CASES = (
    Case(USERS, "CREATE INDEX CONCURRENTLY users_age ON users (age)"),
    Case(USERS, "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (lower(email)) WHERE age > 1"),
    Case((*USERS, AGE), "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_age ON users (age)"),
    Case(EVENTS, "CREATE INDEX CONCURRENTLY ON events_2024 (kind)"),
    Case(DOCS, "CREATE INDEX CONCURRENTLY ON docs (title)"),
    Case(AGES, "CREATE INDEX CONCURRENTLY ON ages (age)"),
    Case((*USERS, AGE), "DROP INDEX CONCURRENTLY users_age"),
    Case(AGES, "DROP INDEX CONCURRENTLY ages_id"),
    Case((*ORDERS, AGE), "REINDEX INDEX CONCURRENTLY users_age"),
    Case((*ORDERS, AGE), "REINDEX TABLE CONCURRENTLY users"),
    Case((*ORDERS, AGE), "REINDEX SCHEMA CONCURRENTLY public"),
    Case((*ORDERS, AGE), "REINDEX SCHEMA public"),
    Case(AGES, "REINDEX SCHEMA public"),
    Case((*EVENTS, KIND), "REINDEX SCHEMA public"),
    Case((*EVENTS, KIND), "REINDEX TABLE events", 14),
    Case((*EVENTS, KIND), "REINDEX INDEX events_kind", 14),
    Case((*EVENTS, KIND), "REINDEX TABLE CONCURRENTLY events", 14),
    Case(DEEP, "REINDEX INDEX CONCURRENTLY logs_id", 14),
    Case(DEEP, "REINDEX TABLE CONCURRENTLY logs", 14),
    Case(DEEP, "REINDEX TABLE logs", 14),
    Case(DEEP, "REINDEX INDEX logs_id", 14),
    Case((*EVENTS, KIND), "REINDEX SCHEMA CONCURRENTLY public"),
    Case((*EVENTS, KIND), "REINDEX INDEX CONCURRENTLY events_2024_kind_idx"),
    Case(AGES, "REINDEX TABLE CONCURRENTLY ages"),
    Case((*EVENTS, KIND), f"{DETACH} CONCURRENTLY", 14),
    Case(REFERRING, f"{DETACH} CONCURRENTLY", 14),
    Case(REFERRED, f"{DETACH} CONCURRENTLY", 14),
    Case(EVENTS, f"{DETACH} FINALIZE", 14, interrupted=f"{DETACH} CONCURRENTLY"),
    Case(REFERRING, f"{DETACH} FINALIZE", 14, interrupted=f"{DETACH} CONCURRENTLY"),
    Case((*EVENTS, KIND), f"{DETACH} FINALIZE", 14, interrupted=f"{DETACH} CONCURRENTLY"),
    Case((*USERS, AGE), "VACUUM users"),
    Case((*ORDERS, AGE), "VACUUM users, orders"),
    Case((*ORDERS, AGE), "VACUUM"),
    Case((*USERS, AGE), "VACUUM FULL users"),
    Case((*ORDERS, AGE), "VACUUM FULL users, orders"),
    Case((*USERS, AGE), "VACUUM (ANALYZE) users"),
    Case((*USERS, AGE), "VACUUM (FULL, ANALYZE) users"),
    Case((*EVENTS, KIND), "VACUUM events"),
    Case((*EVENTS, KIND), "VACUUM (ANALYZE) events"),
    Case((*EVENTS, KIND), "VACUUM FULL events"),
    Case(DEEP, "VACUUM logs"),
    Case(DOCS, "VACUUM docs"),
    Case(DOCS, "VACUUM ONLY docs", 18),
    Case((*EVENTS, KIND), "VACUUM ONLY events", 18),
    Case(AGES, "VACUUM ages"),
    Case(AGES, "VACUUM"),
    Case((*ORDERS, AGE), "ANALYZE"),
    Case((*USERS, AGE), "ANALYZE users (age)"),
    Case((*EVENTS, KIND), "ANALYZE events"),
    Case((*EVENTS, KIND), "ANALYZE ONLY events", 18),
    Case(DOCS, "ANALYZE docs"),
    Case((*DOCS, "CREATE INDEX old_docs_title ON old_docs (title)"), "ANALYZE docs"),
    Case((*DOCS, "CREATE INDEX old_docs_title ON old_docs (title)"), "ANALYZE ONLY docs", 18),
    Case(DEEP, "ANALYZE logs_24"),
    Case((*USERS, AGE), "CLUSTER users USING users_age"),
    Case((*USERS, AGE, "CLUSTER users USING users_age"), "CLUSTER users"),
    Case((*USERS, AGE, "CLUSTER users USING users_age"), "CLUSTER"),
    Case((*EVENTS, KIND), "CLUSTER events USING events_kind", 15),
    Case(DEEP, "CLUSTER logs USING logs_id", 15),
    Case((*ORDERS, AGE, "ALTER TABLE users CLUSTER ON users_age"), "CLUSTER"),
    Case((*USERS, "CLUSTER users USING users_pkey", "ALTER TABLE users SET WITHOUT CLUSTER"), "CLUSTER"),
)


@pytest.mark.parametrize("case", CASES, ids=[f"{n}: {case.statement}" for n, case in enumerate(CASES)])
def test_the_locks_are_those_predicted(case: Case, postgres: Server) -> None:
    with postgres.database() as dsn:
        seen = watch(dsn, case.setup, case.statement, case.interrupted)
    assert seen.sqlstate is None
    schema = replay(case.setup)
    found = predict(schema, case.statement, postgres.major)
    assert found.unknown == ()
    assert found.locks == {name: strongest(list(modes)) for name, modes in seen.locks.items()}
    late = working(schema, case.statement, postgres.major)
    early = {name: strongest(list(modes)) for name, modes in seen.early.items() if name in late}
    assert early == (late if early else {})


def working(schema: Schema, statement: str, major: int) -> dict[str, str]:
    """The weaker modes that are said to be held as long as indexes are built."""
    found = (
        effect
        for each in read(statement).statements
        for action in each.actions
        for effect in effects(action, schema, major).locks
    )
    return {str(effect.relation): effect.working.value for effect in found if effect.working is not None}
