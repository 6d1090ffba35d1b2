"""Write server/raincheck/catalog/pg_catalog.py from the catalogs of real servers: `python tools/pg_catalog.py`.

It starts every major version in turn (tests/support/pg.py) and asks pg_proc for the functions that a default can
call, and pg_cast for the casts that change nothing. A name marked `name>14` is there from 14 on, `name<14` was there
up to 14, `name>13<16` in between.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.pg import Server  # noqa: E402  (found beside the tests)
from support.postgres_binaries import MAJORS  # noqa: E402

# The most volatile of the overloads counts. Functions that are only there for operators, for input and output of
# types, for aggregates, triggers, access methods and statistics are left out: no default names them. So is
# timezone(text, timetz), volatile up to 14, which would speak for every AT TIME ZONE.
FUNCTIONS = """
SELECT proname, max(CASE provolatile WHEN 'i' THEN 0 WHEN 's' THEN 1 ELSE 2 END)
FROM pg_proc p
WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f'
  AND NOT prorettype = ANY ('{internal,cstring,trigger,event_trigger,index_am_handler,table_am_handler}'::regtype[])
  AND NOT 'internal'::regtype = ANY (proargtypes) AND NOT 'cstring'::regtype = ANY (proargtypes)
  AND NOT EXISTS (SELECT FROM pg_description d
                  WHERE d.objoid = p.oid AND d.classoid = 'pg_proc'::regclass
                    AND d.description LIKE 'implementation of %')
  AND proname !~ '^(pg_stat_|pg_ls_|pg_get_|pg_replication_|binary_upgrade_)|send$'
  AND NOT (proname = 'timezone' AND 'timetz'::regtype = ANY (proargtypes))
  AND EXISTS (SELECT FROM pg_description d WHERE d.objoid = p.oid AND d.classoid = 'pg_proc'::regclass)
GROUP BY proname
"""

CASTS = """
SELECT s.typname || '-' || t.typname
FROM pg_cast c JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
WHERE castmethod = 'b'
"""

HEAD = '''"""What PostgreSQL's own catalogs say about its functions and casts. Written by tools/pg_catalog.py; not by hand.

`name>14` is there from 14 on, `name<14` was there up to 14.
"""

from __future__ import annotations
'''


def main() -> None:
    functions: dict[tuple[str, int], set[int]] = {}
    casts: dict[str, set[int]] = {}
    for major in MAJORS:
        with Server(major) as server, server.connection() as connection:
            for name, volatility in connection.execute(FUNCTIONS):
                functions.setdefault((name, volatility), set()).add(major)
            for (cast,) in connection.execute(CASTS):
                casts.setdefault(cast, set()).add(major)
    text = HEAD
    for level, constant in enumerate(("IMMUTABLE", "STABLE", "VOLATILE")):
        text += _constant(constant, {name: at for (name, found), at in functions.items() if found == level})
    text += _constant("BINARY_COERCIBLE", casts)
    (ROOT / "server/raincheck/catalog/pg_catalog.py").write_text(text, encoding="utf-8")


def _constant(name: str, marked: dict[str, set[int]]) -> str:
    words = " ".join(sorted(entry + _range(majors) for entry, majors in marked.items()))
    lines = textwrap.wrap(words, 104, break_long_words=False, break_on_hyphens=False)
    return f'\n{name} = """\n' + "".join(f"    {line}\n" for line in lines) + '"""\n'


def _range(majors: set[int]) -> str:
    since = f">{min(majors)}" if min(majors) > min(MAJORS) else ""
    return since + (f"<{max(majors)}" if max(majors) < max(MAJORS) else "")


if __name__ == "__main__":
    main()
