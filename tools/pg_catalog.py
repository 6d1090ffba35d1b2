"""Write server/raincheck/catalog/pg_catalog.py from the catalogs of real servers: `python tools/pg_catalog.py`.

It starts every major version in turn (tests/support/pg.py) and asks pg_proc for the functions that a default can
call, pg_operator for the names of operators, pg_cast for the casts, pg_type for the types that are strings, and
pg_opclass for the operator classes of indexes. A name marked `name>14` is there from 14 on, `name<14` was there up to
14, `name>13<16` in between.
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

# Without marks, which would read as parts of their names: `<`, `->>`.
OPERATORS = "SELECT DISTINCT oprname FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace"

# Source, target; how: b as it is, f by a function, i by way of text; when: i anywhere, a in assignments, e if written.
CASTS = """
SELECT s.typname || '-' || t.typname || '=' || castmethod::text || castcontext::text
FROM pg_cast c JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
"""

STRINGS = "SELECT typname FROM pg_type WHERE typcategory = 'S' AND typnamespace = 'pg_catalog'::regnamespace"

# Of the types that turn into another without a change: the default operator class of each, as GetDefaultOpClass finds
# it: the type's own, or that of a type it is taken for anywhere, preferred types first.
OPERATOR_CLASSES = """
SELECT DISTINCT ON (amname, t.typname) amname || '-' || t.typname || '=' || opcname::text
FROM pg_type t JOIN pg_opclass o ON opcdefault JOIN pg_am a ON a.oid = opcmethod JOIN pg_type i ON i.oid = opcintype
WHERE EXISTS (SELECT FROM pg_cast WHERE castmethod = 'b' AND t.oid IN (castsource, casttarget))
  AND (opcintype = t.oid OR EXISTS (SELECT FROM pg_cast WHERE castmethod = 'b' AND castcontext = 'i'
                                      AND castsource = t.oid AND casttarget = opcintype))
ORDER BY amname, t.typname, opcintype = t.oid DESC, i.typispreferred DESC
"""

WORDS = {
    "OPERATORS": OPERATORS,
    "CASTS": CASTS,
    "STRINGS": STRINGS,
    "OPERATOR_CLASSES": OPERATOR_CLASSES,
}

HEAD = '''"""What PostgreSQL's own catalogs say. Written by tools/pg_catalog.py; not by hand.

Functions by volatility; the names of operators; casts, as source-target=how and when (b as it is, f by a function, i by
way of text; i anywhere, a in assignments, e where written); types that are strings; for types that turn into another
without a change, the default operator classes, as method-type=class. `name>14` is there from 14 on, `name<14` was there up to 14.
"""

from __future__ import annotations
'''


def main() -> None:
    functions: dict[tuple[str, int], set[int]] = {}
    words: dict[str, dict[str, set[int]]] = {name: {} for name in WORDS}
    for major in MAJORS:
        with Server(major) as server, server.connection() as connection:
            for name, volatility in connection.execute(FUNCTIONS):
                functions.setdefault((name, volatility), set()).add(major)
            for constant, query in WORDS.items():
                for (word,) in connection.execute(query):
                    words[constant].setdefault(word, set()).add(major)
    text = HEAD
    for level, constant in enumerate(("IMMUTABLE", "STABLE", "VOLATILE")):
        text += _constant(constant, {name: at for (name, found), at in functions.items() if found == level})
    text += _constant("OPERATORS", {name: set(MAJORS) for name in words.pop("OPERATORS")})
    for constant, found in words.items():
        text += _constant(constant, found)
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
