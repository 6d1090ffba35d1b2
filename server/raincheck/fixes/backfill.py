"""Changing many rows outside the migrations: a script that goes through a table in batches, along its primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.sql.names import always_quoted, quoted_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raincheck.sql.names import Name

BATCH = 1000
"""Rows of one batch: some milliseconds of work and of row locks."""

PAUSE = 0.05
"""Seconds between two batches, in which vacuum and replicas catch up."""

PATIENCE = "500ms"
"""How long a batch waits for a row that somebody else has locked, before it lets go of its own and tries again: well
under deadlock_timeout (1 s), so that of two that wait for each other it is not the application's transaction that ends.
"""

TRIES = 40
"""How often one batch is tried."""

_TEMPLATE = """\
-- {what}, {batch} rows at a time, each batch in a transaction of its own. Drizzle does not run this file:
--   psql "$DATABASE_URL" -f {path}
-- It can be stopped and run again at any time, also while the application writes. It must not run inside a transaction
-- (psql -1), for it commits after each batch. Rows that are inserted while it runs are the application's to fill.
SET statement_timeout = 0;
SET lock_timeout = '{patience}';

DO {quote}
#variable_conflict use_column
DECLARE
  last_of_all record;
  batch_start record;
  batch_end record;
  batch_rows bigint;
  all_rows bigint := 0;
  tries integer := 0;
  more boolean;
BEGIN
  SELECT {key} INTO last_of_all FROM {table} ORDER BY {backward} LIMIT 1;
  SELECT {key} INTO batch_start FROM {table} ORDER BY {key} LIMIT 1;
  more := FOUND;
  WHILE more LOOP
    SELECT {key} INTO batch_end
    FROM (
      SELECT {key} FROM {table} WHERE {row} BETWEEN {start} AND {last} ORDER BY {key} LIMIT {batch}
    ) AS batch ORDER BY {backward} LIMIT 1;
    BEGIN
      UPDATE {table}{alias} SET {assignments}
      WHERE {row} BETWEEN {start} AND {end}
        AND ({where});
      GET DIAGNOSTICS batch_rows = ROW_COUNT;
      all_rows := all_rows + batch_rows;
      tries := 0;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries >= {tries} THEN
        RAISE;
      END IF;
    END;
    COMMIT;
    PERFORM pg_sleep({pause});
    IF tries > 0 THEN
      RAISE NOTICE 'Others hold some of the rows: trying again';
    ELSE
      RAISE NOTICE '% rows changed so far', all_rows;
      SELECT {key} INTO batch_start FROM {table}
      WHERE {row} > {end} AND {row} <= {last} ORDER BY {key} LIMIT 1;
      more := FOUND;
    END IF;
  END LOOP;
END
{quote};

RESET lock_timeout;
RESET statement_timeout;
"""


def backfill_script(
    table: Name,
    key: Sequence[str],
    assignments: str,
    where: str = "true",
    *,
    path: str = "script.sql",
    alias: str = "",
) -> str:
    """A script that does `UPDATE table AS alias SET assignments WHERE where`, in batches by a unique key, none of whose
    columns may be NULL or be assigned to.

    It can be run again where `where` leaves out the rows that are done, or doing one twice is the same as once. Works
    on every PostgreSQL with COMMIT in DO blocks (11).
    """
    columns = [always_quoted(column) for column in key]
    fields = {
        "key": ", ".join(columns),
        "backward": ", ".join(f"{column} DESC" for column in columns),
        "row": _row(columns),
        "start": _row([f"batch_start.{column}" for column in columns]),
        "end": _row([f"batch_end.{column}" for column in columns]),
        "last": _row([f"last_of_all.{column}" for column in columns]),
        "table": quoted_name(table, omit_public=False),
        "alias": f" AS {always_quoted(alias)}" if alias else "",
        "assignments": assignments.strip(),
        "where": where.strip(),
    }
    return _TEMPLATE.format(
        what=f"Changes rows of {quoted_name(table)}",
        path=path,
        batch=BATCH,
        pause=PAUSE,
        patience=PATIENCE,
        tries=TRIES,
        quote=_dollar_quote(assignments + where),
        **fields,
    )


def _row(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})" if len(parts) > 1 else parts[0]


def _dollar_quote(text: str) -> str:
    """A dollar quote that does not end within the text."""
    number, quote = 1, "$backfill$"
    while quote in text:
        number, quote = number + 1, f"$backfill{number}$"
    return quote
