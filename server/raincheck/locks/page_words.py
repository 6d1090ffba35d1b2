"""What docs/locks.md says between its tables."""

from __future__ import annotations

from raincheck.locks.row import NEWEST, OLDEST

INTRODUCTION = f"""\
<!-- Written by tools/generated.py from the rows in server/raincheck/locks; do not edit by hand. -->

# What PostgreSQL locks

Which locks each statement takes on PostgreSQL {OLDEST} to {NEWEST}, on every table and index that it touches, what it
does while it holds them, and who has to wait. Printed from the table that Raincheck answers from, which is
[checked on real servers](#how-it-is-proven).

- [How locks work](#how-locks-work): the modes, the queue, how long
- Statements: [tables](#tables), [columns](#columns), [constraints](#constraints), [indexes](#indexes-and-statistics),
  [policies, triggers, privileges](#policies-triggers-rules-comments-privileges),
  [views and sequences](#views-and-sequences), [types, functions, roles](#types-schemas-functions-roles),
  [queries and upkeep](#rows-and-upkeep)
- Questions: [which change of type rewrites](#which-change-of-type-rewrites-the-table),
  [which new column does](#which-new-column-rewrites-the-table),
  [foreign keys, from both sides](#foreign-keys-from-both-sides), [partitions](#partitions),
  [what cannot run in a transaction](#what-cannot-run-in-a-transaction),
  [what differs between versions](#what-differs-between-versions)

## How locks work

**Every statement locks the tables it names**, a `SELECT` too. There are eight modes, and what matters of a mode is with
which others it conflicts. Two transactions hold conflicting modes on one table never at the same time: the later waits.

**The queue.** Who waits stands in a queue, and whoever comes later and conflicts with somebody in it waits as well. An
`ALTER TABLE` that needs an instant, but has to wait for one long `SELECT`, holds up every new `SELECT` on the table for
as long as that one takes. So a lock that is held for a millisecond can stop an application for minutes, and a
`lock_timeout` is what prevents it: `SET LOCAL lock_timeout = '2s'`, and run the migration again when it gives up.

**How long.** To the end of the transaction, not of the statement. Drizzle runs all pending migrations in one
transaction: what the first statement locks stays locked until the last has run. While a lock is held, most statements
change the catalog only, which takes an instant. What takes long, on a large table, is to *read every row*, to *build an
index*, or to *rewrite* the table.
"""

ROWS_READ = """\
Row locks (`SELECT FOR UPDATE`, and the `FOR KEY SHARE` with which a foreign key checks that the row it points to is
there) also lock their table, in ROW SHARE mode; *row locks* above means that lock. `CREATE INDEX CONCURRENTLY`,
`ANALYZE` and autovacuum ask for the same mode as `VACUUM`; autovacuum does not hold others up: it stops when somebody
waits for it. *Schema changes* are those in ACCESS EXCLUSIVE mode, which are most.

In the tables below, of the lines of a statement the first whose condition holds is the one. *Others cannot* tells what
the strongest of its locks keeps others from. Where nothing is in the last column, only the catalog is changed. *Children*
are partitions and inheriting tables, however deep. *Once nobody uses it* stands at locks that are taken at the end, for
an instant, on an index that no query uses any more.

Functions and triggers are not in the tables: what a function that a statement calls, or a trigger that it fires, reads
and writes is locked as if it stood in the statement itself. From PostgreSQL 17 on a function that an index or a
materialized view calls finds only relations whose names are written with their schema. `raincheck explain 'ALTER TABLE …'` answers for your own statement
and schema.
"""

CONVERTED = f"""\
## Which change of type rewrites the table

`ALTER TABLE … ALTER COLUMN c TYPE …`, for an indexed column `c`; alike on PostgreSQL {OLDEST} to {NEWEST}. The table is
locked in ACCESS EXCLUSIVE mode in any case: nobody reads it meanwhile.

- rewrite: every row is written anew, and all indexes are built again
- USING: the same, and only with `USING c::newtype`
- no cast: there is none; a `USING` of your own, which rewrites, may do it
- **catalog**: an instant
- **index**: the rows stay, and indexes on the column are built again; between `timestamp` and `timestamptz` where the
  session's `TimeZone` is UTC

A change to a wider type of another size (`integer` to `bigint`) always rewrites. A longer `varchar`, or none, does not;
nor a `numeric` with more digits and the same scale. Indexes with expressions or conditions on the column, and those of
partitions, are built again even so, and a CHECK on the column is checked again. A `USING` that does more than name the
column or cast it rewrites.
"""

DEFAULTED = """\
## Which new column rewrites the table

`ALTER TABLE t ADD COLUMN …`. A constant is remembered once, in the catalog; so is what `now()` says, as it is one value
for the whole transaction. What would differ from row to row has to be written into each. Whether a function may differ
is its volatility: of built-in ones as `pg_proc` has it, of yours as `CREATE FUNCTION` declares it (VOLATILE, where it
does not).
"""

KEYED = """\
## Foreign keys, from both sides

A foreign key locks both its tables, when it is made and when it goes. `orders.user_id` points to `users`:
"""

PARTED = """\
## Partitions

`events` is partitioned by range; `events_2024` and `events_2025` are partitions of it.
"""

CONCURRENT = """\
## What cannot run in a transaction

Drizzle's migrator opens a transaction, so these fail in a migration (SQLSTATE 25001), but for one that ends the
transaction before. The CONCURRENTLY forms of CREATE, DROP and REINDEX block neither reads nor writes, take longer, and
wait for every transaction that is open and could still use what they change; but REINDEX TABLE CONCURRENTLY of a
partitioned table begins with SHARE on its partitions, behind which writes wait, and DETACH PARTITION CONCURRENTLY ends
with ACCESS EXCLUSIVE on the partition. If `CREATE INDEX CONCURRENTLY` fails it leaves an invalid index behind:
drop it and try again.
"""

CHANGED = """\
## What differs between versions
"""

PROVEN = f"""\
## How it is proven

Every example above is run on PostgreSQL {OLDEST} to {NEWEST} by Raincheck's tests, in a transaction that is rolled back:
the locks in `pg_locks`, the files of tables and indexes before and after, and the server's DEBUG1 messages about scans
and builds are compared with what stands here. So are hundreds of measured cases, random schemas and statements, and
what each mode blocks, statement by statement. What cannot run in a transaction is watched from a second session, which
stops it at each of its writes to the catalog.

To see for yourself, in `psql`:

```sql
BEGIN;
SET LOCAL client_min_messages = debug1;  -- tells of rewrites, scans and index builds
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
SELECT relation::regclass, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation';
ROLLBACK;
```

For your own migrations, `raincheck check` says it without a server, and `raincheck trace` runs them on a scratch server
and compares. Where they differ, Raincheck is wrong, and wants to know.
"""
