"""How long the work of a statement takes on a real server, by the size of its table.

    python bench/durations.py [ROWS ...]

Prints for each number of rows, and for two widths of row, what a scan, an index build and a rewrite take, and the rate
in MB of heap a second. The rates of `raincheck/engine/durations.py` are chosen from these. The server runs on the same
machine, with its default settings but fsync = off: on a slower disk, and under load, work takes longer, never less.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.pg import Server  # noqa: E402 - the path is set above

ROWS = (100_000, 1_000_000, 5_000_000)
WIDTHS = {"narrow": 8, "wide": 400}
"""Characters of the text in each row."""
WORK = {
    "scan": "ALTER TABLE t ADD CHECK (b <> 'x')",
    "index build (bigint)": "CREATE INDEX ON t (a)",
    "index build (text)": "CREATE INDEX ON t (b)",
    "rewrite": "ALTER TABLE t ALTER COLUMN c TYPE bigint",
}


def main(rows: list[int]) -> None:
    with Server(15) as server:
        for count in rows:
            for width, characters in WIDTHS.items():
                with server.connection() as conn:
                    conn.execute("CREATE TABLE t (a bigint, b text, c integer)")
                    conn.execute(
                        "INSERT INTO t SELECT (random() * 1e9)::bigint, rpad(md5(n::text), %s, md5(n::text)), n "
                        "FROM generate_series(1, %s) n",
                        [characters, count],
                    )
                    conn.execute("CHECKPOINT")
                    (size,) = conn.execute("SELECT pg_relation_size('t')").fetchone()
                    for name, statement in WORK.items():
                        began = time.perf_counter()
                        conn.execute(statement)
                        took = time.perf_counter() - began
                        print(
                            f"{count:>9,} {width} rows, {size / 1e6:>6.0f} MB: {name} {took:.2f} s, "
                            f"{size / took / 1e6:.0f} MB/s, {count / took:,.0f} rows/s",
                            flush=True,
                        )


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(ROWS))
