"""What there may be about a column whose type changes: foreign keys, partitions, inheritance, defaults, views."""

from __future__ import annotations

CHANGE = "ALTER TABLE t ALTER COLUMN c TYPE {new}"
AROUND = (
    "integer",
    "bigint",
    "varchar(10)",
    "varchar(20)",
    "text",
    "bpchar",
    "numeric(10, 2)",
    "oid",
    "mood",
)
"""Each of them is changed to each."""

TABLE = "CREATE TABLE t (id integer PRIMARY KEY, c {old})"
KEYED = "CREATE TABLE t (id integer PRIMARY KEY, c {old} UNIQUE)"
OTHER = "CREATE TABLE other (id integer PRIMARY KEY, c {old} UNIQUE)"
PARTED = (
    "CREATE TABLE t (id integer, c {old}) PARTITION BY RANGE (id)",
    "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (100) PARTITION BY LIST (id)",
    "CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (1)",
    "CREATE TABLE t_2 PARTITION OF t DEFAULT",
)
SURROUNDINGS = {
    "referencing": (12, (OTHER, TABLE, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c)"), CHANGE),
    "referencing, indexed": (
        12,
        (OTHER, TABLE, "CREATE INDEX ON t (c)", "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c)"),
        CHANGE,
    ),
    "referencing, not valid": (
        12,
        (OTHER, TABLE, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c) NOT VALID"),
        CHANGE,
    ),
    "referencing, not enforced": (
        18,
        (OTHER, TABLE, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c) NOT ENFORCED"),
        CHANGE,
    ),
    "referenced": (12, (KEYED, "CREATE TABLE other (id integer, c {old} REFERENCES t (c))"), CHANGE),
    "referenced, indexed": (
        12,
        (
            KEYED,
            "CREATE TABLE other (id integer PRIMARY KEY, c {old} REFERENCES t (c))",
            "CREATE INDEX ON other (c)",
        ),
        CHANGE,
    ),
    "referencing itself": (12, (KEYED, "ALTER TABLE t ADD d {old} REFERENCES t (c)"), CHANGE),
    "referencing with two columns": (
        12,
        (
            "CREATE TABLE other (id integer, c {old}, UNIQUE (id, c))",
            "CREATE TABLE t (id integer PRIMARY KEY, c {old}, FOREIGN KEY (id, c) REFERENCES other (id, c))",
        ),
        CHANGE,
    ),
    "both ends change": (
        12,
        (KEYED, "ALTER TABLE t ADD d {old} REFERENCES t (c)"),
        CHANGE + ", ALTER COLUMN d TYPE {new}",
    ),
    "referencing from partitions": (
        12,
        (OTHER, *PARTED, "ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES other (c)"),
        CHANGE,
    ),
    "partitions": (
        12,
        (
            *PARTED,
            "CREATE INDEX ON t (c)",
            "CREATE INDEX own ON t_2 (c)",
            "ALTER TABLE t ADD UNIQUE (id, c)",
            "CREATE INDEX part ON t (id) WHERE c IS NOT NULL",
            "ALTER TABLE t_2 ADD CHECK (c IS NOT NULL OR id > 1)",
        ),
        CHANGE,
    ),
    "partitions, checked": (12, (*PARTED, "ALTER TABLE t ADD CHECK (c IS NOT NULL OR id > 1)"), CHANGE),
    "partition key": (
        12,
        (
            "CREATE TABLE t (id integer, c {old}) PARTITION BY HASH (c)",
            "CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        ),
        CHANGE,
    ),
    "one partition": (12, PARTED, "ALTER TABLE t_2 ALTER COLUMN c TYPE {new}"),
    "only": (12, PARTED, "ALTER TABLE ONLY t ALTER COLUMN c TYPE {new}"),
    "inheritance": (
        12,
        (
            TABLE,
            "CREATE TABLE child (more integer) INHERITS (t)",
            "CREATE INDEX ON child (c)",
            "CREATE INDEX ON child (more)",
            "CREATE INDEX ON t (c)",
            "ALTER TABLE t ADD CHECK (c IS NOT NULL OR id > 1)",
        ),
        CHANGE,
    ),
    "inheritance, own check": (
        12,
        (
            TABLE,
            "CREATE TABLE child (more integer) INHERITS (t)",
            "ALTER TABLE t ADD CHECK (c IS NOT NULL OR id > 1) NO INHERIT",
            "ALTER TABLE child ADD CHECK (c IS NOT NULL OR more > 1) NOT VALID",
        ),
        CHANGE,
    ),
    "checks": (
        12,
        (
            TABLE,
            "ALTER TABLE t ADD CHECK (id > 0)",
            "ALTER TABLE t ADD CHECK (c IS NOT NULL) NOT VALID",
        ),
        CHANGE,
    ),
    "check not enforced": (18, (TABLE, "ALTER TABLE t ADD CHECK (c IS NOT NULL) NOT ENFORCED"), CHANGE),
    "primary key": (12, ("CREATE TABLE t (id integer, c {old} PRIMARY KEY)",), CHANGE),
    "deferrable": (12, ("CREATE TABLE t (id integer, c {old} UNIQUE DEFERRABLE)",), CHANGE),
    "nulls not distinct": (15, ("CREATE TABLE t (id integer, c {old} UNIQUE NULLS NOT DISTINCT)",), CHANGE),
    "default": (12, ("CREATE TABLE t (id integer PRIMARY KEY, c {old} DEFAULT NULL)",), CHANGE),
    "default of text": (12, (TABLE, "ALTER TABLE t ALTER c SET DEFAULT '12'"), CHANGE),
    "default dropped and set": (
        12,
        (TABLE, "ALTER TABLE t ALTER c SET DEFAULT NULL"),
        "ALTER TABLE t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE {new}, ALTER COLUMN c SET DEFAULT NULL",
    ),
    "not null": (12, (TABLE,), CHANGE + ", ALTER COLUMN c SET NOT NULL"),
    "generated from it": (
        12,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old}, g boolean GENERATED ALWAYS AS (c IS NULL) STORED)",
        ),
        CHANGE,
    ),
    "generated": (
        12,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old} GENERATED ALWAYS AS (NULL) STORED)",
            "CREATE INDEX ON t (c)",
        ),
        CHANGE,
    ),
    "generated, virtual": (
        18,
        ("CREATE TABLE t (id integer PRIMARY KEY, c {old} GENERATED ALWAYS AS (NULL) VIRTUAL)",),
        CHANGE,
    ),
    "generated, virtual, checked": (
        18,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old} GENERATED ALWAYS AS (NULL) VIRTUAL)",
            "ALTER TABLE t ADD CHECK (c IS NULL)",
        ),
        CHANGE,
    ),
    "view": (12, (TABLE, "CREATE VIEW v AS SELECT c FROM t"), CHANGE),
    "policy": (12, (TABLE, "CREATE POLICY p ON t USING (c IS NULL)"), CHANGE),
    "two columns": (
        12,
        (TABLE, "ALTER TABLE t ADD d varchar(10)", "CREATE INDEX ON t (c, d)"),
        CHANGE + ", ALTER COLUMN d TYPE text",
    ),
    "another rewrites": (12, (TABLE, "CREATE INDEX ON t (c)"), CHANGE + ", ALTER COLUMN id TYPE bigint"),
    "replica identity": (
        12,
        (
            "CREATE TABLE t (id integer PRIMARY KEY, c {old} NOT NULL UNIQUE)",
            "ALTER TABLE t REPLICA IDENTITY USING INDEX t_c_key",
            "ALTER TABLE t CLUSTER ON t_c_key",
        ),
        CHANGE,
    ),
    "unlogged": (
        12,
        ("CREATE UNLOGGED TABLE t (id integer PRIMARY KEY, c {old})", "CREATE INDEX ON t (c)"),
        CHANGE,
    ),
    "included": (
        12,
        (TABLE, "CREATE UNIQUE INDEX ON t (id) INCLUDE (c)", "ALTER TABLE t ADD UNIQUE (id) INCLUDE (c)"),
        CHANGE,
    ),
    "constraint dropped": (
        12,
        (TABLE, "ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL)"),
        "ALTER TABLE t DROP CONSTRAINT k, ALTER COLUMN c TYPE {new}",
    ),
}
"""The first version, the tables, the change."""
