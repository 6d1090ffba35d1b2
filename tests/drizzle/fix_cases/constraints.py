"""Foreign keys and checks in two transactions, keys from an index that is built before, and required columns in stages."""

from __future__ import annotations

from support.fix_cases import BREAKPOINT, FixCase

BASE = BREAKPOINT.join(
    (
        'CREATE SCHEMA "Shop";\n',
        'CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL, "email" text);\n',
        'CREATE TABLE "Shop"."Orders" ("id" integer, "userId" integer, "ref" text NOT NULL, "code" text);\n',
        'CREATE TABLE "rooms" ("id" integer PRIMARY KEY NOT NULL, "area" integer);\n',
        "INSERT INTO \"users\" SELECT n, 'u' || n FROM generate_series(1, 100) AS n;",
        'INSERT INTO "Shop"."Orders" SELECT n, n, n, n FROM generate_series(1, 100) AS n;',
        'INSERT INTO "rooms" SELECT n, n FROM generate_series(1, 100) AS n;',
    )
)
ORDERS = '"Shop"."Orders"'
OTHER = 'ALTER TABLE "Shop"."Orders" ADD COLUMN "note" text;'
TIMEOUT = "SET LOCAL lock_timeout = '2s';"
FOREIGN_KEY = (
    'ALTER TABLE "Shop"."Orders" ADD CONSTRAINT "Orders_userId_fk" FOREIGN KEY ("userId") '
    'REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;'
)
IN_A_BLOCK = f"DO $$ BEGIN\n {FOREIGN_KEY}\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;\n"
CHECK = 'ALTER TABLE "rooms" ADD CONSTRAINT "rooms_area" CHECK ("rooms"."area" >= 0)'
UNIQUE = 'ALTER TABLE "Shop"."Orders" ADD CONSTRAINT "Orders_code_unique" UNIQUE("code");'
PRIMARY_KEY = 'ALTER TABLE "Shop"."Orders" ADD PRIMARY KEY ("ref");'
NULLABLE_KEY = 'ALTER TABLE "Shop"."Orders" ADD CONSTRAINT "Orders_pk" PRIMARY KEY("id","ref");'
REQUIRED = 'ALTER TABLE "rooms" ADD COLUMN "slug" text NOT NULL;'
VALIDATE = 'ALTER TABLE "rooms" VALIDATE CONSTRAINT "rooms_area";'


def _foreign_key(name: str, text: str, blocks: str = ORDERS) -> FixCase:
    return FixCase(f"a foreign key {name}", "foreign-key-scans", BASE, (text,), blocks=blocks)


def _check(name: str, *pending: str) -> FixCase:
    return FixCase(f"a check {name}", "check-scans", BASE, pending, blocks='"rooms"')


def _unique(name: str, text: str, *more: str) -> FixCase:
    return FixCase(f"UNIQUE {name}", "unique-builds-index", BASE, (text, *more), blocks=ORDERS)


def _primary_key(name: str, text: str) -> FixCase:
    return FixCase(f"a primary key {name}", "primary-key-builds-index", BASE, (text,), blocks=ORDERS)


def _validated(name: str, *pending: str) -> FixCase:
    return FixCase(f"VALIDATE {name}", "validate-in-same-run", BASE, pending, blocks='"rooms"')


def _required(name: str, text: str, column: str) -> FixCase:
    """The original fails, for there are rows; what is wanted is told by the same in other words."""
    nullable = text.replace(" NOT NULL", "", 1)
    fill = f'UPDATE "rooms" SET "{column}" = "id";'
    wanted = BREAKPOINT.join((nullable, fill, f'ALTER TABLE "rooms" ALTER COLUMN "{column}" SET NOT NULL;'))
    return FixCase(
        f"a required column {name}",
        "required-column-added",
        BASE,
        (text,),
        fails="23502",
        same_as=(wanted,),
        between=fill,
        blocks='"rooms"',
    )


CASES = (
    FixCase(
        "a foreign key from a partitioned table to another",
        "foreign-key-scans",
        BREAKPOINT.join(
            (
                'CREATE TABLE "days" ("id" integer PRIMARY KEY) PARTITION BY RANGE ("id");',
                'CREATE TABLE "days_1" PARTITION OF "days" FOR VALUES FROM (0) TO (1000);',
                'CREATE TABLE "events" ("id" integer, "day" integer) PARTITION BY RANGE ("id");',
                'CREATE TABLE "events_1" PARTITION OF "events" FOR VALUES FROM (0) TO (1000);',
                'INSERT INTO "days" SELECT generate_series(1, 100);',
                'INSERT INTO "events" SELECT n, n FROM generate_series(1, 100) AS n;',
            )
        ),
        ('ALTER TABLE "events" ADD CONSTRAINT "day" FOREIGN KEY ("day") REFERENCES "days"("id");',),
        postgres=(18,),
        blocks='"events_1"',
    ),
    _unique(
        "twice",
        BREAKPOINT.join((UNIQUE, UNIQUE.replace("Orders_code", "two").replace('("code")', '("ref","id")'))),
    ),
    _foreign_key("alone", FOREIGN_KEY),
    _foreign_key(
        "among others, under a lock_timeout",
        BREAKPOINT.join((TIMEOUT, OTHER, FOREIGN_KEY, OTHER.replace("note", "n2"))),
    ),
    _foreign_key("in a DO block, as old kits wrote it", IN_A_BLOCK),
    _foreign_key(
        "without a name",
        'ALTER TABLE "Shop"."Orders" ADD FOREIGN KEY ("userId") REFERENCES "users" DEFERRABLE;',
    ),
    _foreign_key("seen from the other table", FOREIGN_KEY, '"users"'),
    _foreign_key(
        "inside a column with a default",
        'ALTER TABLE "Shop"."Orders" ADD COLUMN "by" integer DEFAULT 1 REFERENCES "users"("id") ON DELETE cascade;',
    ),
    _check("alone", f"{CHECK};"),
    _check("before another file", f"{CHECK};", OTHER),
    FixCase(
        "a check beside a NOT NULL that it does not prove",
        "check-scans",
        BASE,
        (f"{CHECK};", 'ALTER TABLE "rooms" ALTER COLUMN "area" SET NOT NULL;'),
    ),
    _check("beside one without a name", f'{CHECK}, ADD CHECK ("id" > 0 AND "area" < 1000);'),
    _check(
        "inside a column",
        'ALTER TABLE "rooms" ADD COLUMN "doors" integer DEFAULT 1 CHECK ("doors" > 0) NOT NULL;',
    ),
    _unique("alone", UNIQUE),
    _unique("among others, under a lock_timeout", BREAKPOINT.join((TIMEOUT, OTHER, UNIQUE))),
    _unique("before another file", BREAKPOINT.join((OTHER, UNIQUE)), f"{CHECK} NOT VALID;"),
    _unique(
        "without a name, deferrable",
        'ALTER TABLE "Shop"."Orders" ADD UNIQUE NULLS NOT DISTINCT ("code", "ref") INCLUDE ("id") DEFERRABLE INITIALLY DEFERRED;',
    ),
    _unique("inside a column", 'ALTER TABLE "Shop"."Orders" ADD COLUMN "token" text UNIQUE;'),
    _primary_key("without a name", PRIMARY_KEY),
    _primary_key("among others", BREAKPOINT.join((OTHER, PRIMARY_KEY))),
    _primary_key("over a column that may hold NULL", BREAKPOINT.join((NULLABLE_KEY, OTHER))),
    FixCase(
        "NOT NULL under its own name",
        "set-not-null-scans",
        BASE,
        ('ALTER TABLE "Shop"."Orders" ALTER COLUMN "userId" SET NOT NULL;',),
        blocks=ORDERS,
    ),
    _validated("in one file", BREAKPOINT.join((f"{CHECK} NOT VALID;", VALIDATE, OTHER))),
    _validated("in a file of its own", f"{CHECK} NOT VALID;", VALIDATE),
    _validated(
        "with what rests on it",
        BREAKPOINT.join(
            (
                'ALTER TABLE "rooms" ADD CONSTRAINT "there" CHECK ("area" IS NOT NULL) NOT VALID;',
                'ALTER TABLE "rooms" VALIDATE CONSTRAINT "there";',
                'ALTER TABLE "rooms" ALTER COLUMN "area" SET NOT NULL;',
                'ALTER TABLE "rooms" DROP CONSTRAINT "there";',
            )
        ),
    ),
    _required("", REQUIRED, "slug"),
    _required(
        "that refers to another table, among others",
        BREAKPOINT.join(
            ('ALTER TABLE "rooms" ADD COLUMN "owner" integer NOT NULL REFERENCES "users"("id");', OTHER)
        ),
        "owner",
    ),
)
