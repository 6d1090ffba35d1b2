"""Statements that random sequences found to be predicted wrongly, each with as little as shows it."""

from __future__ import annotations

from postgres.lock_cases import Case

_LIST = "CREATE TABLE p (id integer PRIMARY KEY, kind text) PARTITION BY LIST (id)"
_ROUGH = "CREATE TABLE p (id integer NOT NULL, kind text) PARTITION BY LIST (id)"
_PART = "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2) PARTITION BY LIST (id)"
_LEAF = "CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1)"
_DEFAULT = "CREATE TABLE p1 PARTITION OF p DEFAULT"
_T = "CREATE TABLE t (id integer PRIMARY KEY, note text)"
_POINTING = "CREATE TABLE r (id integer PRIMARY KEY, p integer REFERENCES p)"
_TO_T = "ALTER TABLE p ADD CONSTRAINT to_t FOREIGN KEY (id) REFERENCES t"
_TOUCH = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
_CHILD = "CREATE TABLE u () INHERITS (t)"
_OWN = "CREATE TABLE u (id integer NOT NULL, note text)"

PARTITIONED = (
    Case((_ROUGH, _PART, "CREATE TABLE x (LIKE p)"), "ALTER TABLE p1 ATTACH PARTITION x FOR VALUES IN (2)"),
    Case((_ROUGH, "CREATE TABLE x (LIKE p)"), "ALTER TABLE p ATTACH PARTITION x DEFAULT"),
    Case((_ROUGH, _DEFAULT, "CREATE TABLE x (LIKE p)"), "ALTER TABLE p ATTACH PARTITION x FOR VALUES IN (9)"),
    Case((_ROUGH, _DEFAULT), "CREATE TABLE x PARTITION OF p FOR VALUES IN (9)"),
    Case((_ROUGH, _PART), "SELECT * FROM p1"),
    Case((_ROUGH, _PART, _LEAF), "SELECT * FROM p1 FOR KEY SHARE"),
    Case((_LIST,), "SELECT * FROM p"),
    Case((_LIST,), "UPDATE p SET kind = kind"),
    Case((_LIST, _PART), "SELECT * FROM ONLY p"),
    Case((_LIST, _DEFAULT, "DROP TABLE p1"), "SELECT * FROM p"),
    Case((_ROUGH, _T), _TO_T),
    Case((_ROUGH, _PART, _LEAF, _T), _TO_T),
    Case((_LIST, "CREATE TABLE r (p integer)"), "ALTER TABLE r ADD FOREIGN KEY (p) REFERENCES p"),
    Case(
        (_LIST, _PART, _LEAF, "CREATE TABLE r (p integer)"), "ALTER TABLE r ADD FOREIGN KEY (p) REFERENCES p1"
    ),
    Case((_LIST, _PART, _POINTING), "CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1)"),
    Case((_LIST, _PART, _LEAF, _POINTING), "ALTER TABLE p DETACH PARTITION p1"),
    Case(
        (_LIST, _PART, _LEAF, "CREATE TABLE r (p integer REFERENCES p1)"), "ALTER TABLE p DETACH PARTITION p1"
    ),
    Case(
        (
            _LIST,
            _PART,
            "CREATE TABLE q (p integer REFERENCES p1) PARTITION BY LIST (p)",
            "CREATE TABLE q1 PARTITION OF q DEFAULT",
        ),
        "ALTER TABLE p DETACH PARTITION p1",
    ),
    Case(
        (
            _LIST,
            _PART,
            "CREATE TABLE q (p integer REFERENCES p, x integer) PARTITION BY LIST (x)",
            "CREATE TABLE q1 PARTITION OF q DEFAULT",
        ),
        "ALTER TABLE q DETACH PARTITION q1",
    ),
    Case(
        (
            _ROUGH,
            "CREATE TABLE d PARTITION OF p DEFAULT PARTITION BY LIST (kind)",
            "CREATE TABLE da PARTITION OF d DEFAULT",
            _PART,
        ),
        "ALTER TABLE p DETACH PARTITION p1",
    ),
    Case((_LIST, _DEFAULT), "ALTER TABLE p DETACH PARTITION p1"),
    Case(
        (_ROUGH, _TOUCH, "CREATE TRIGGER g AFTER UPDATE ON p FOR EACH ROW EXECUTE FUNCTION touch()", _PART),
        "ALTER TABLE p DETACH PARTITION p1",
    ),
    Case((_LIST, _PART, _POINTING), "TRUNCATE p1 CASCADE"),
    Case((_LIST, _PART, _POINTING), "DROP TABLE p1 CASCADE"),
    Case((_LIST, _PART, _LEAF, _POINTING), "DROP TABLE r"),
    Case((_LIST, _PART, _LEAF, _POINTING), "ALTER TABLE r DROP CONSTRAINT r_p_fkey"),
    Case((_LIST, _PART, _LEAF, _POINTING), "ALTER TABLE r ALTER COLUMN p TYPE bigint"),
    Case(
        (_LIST, _PART, "CREATE TABLE r (p integer REFERENCES p1)"),
        "ALTER TABLE p DROP CONSTRAINT p_pkey CASCADE",
    ),
    Case((_LIST, "ALTER TABLE p ADD COLUMN self integer REFERENCES p", _PART), "TRUNCATE p1 CASCADE"),
    Case((_ROUGH, _PART), "ALTER TABLE p ADD UNIQUE (id) DEFERRABLE"),
    Case((_ROUGH, _PART), "ALTER TABLE ONLY p ADD UNIQUE (id)"),
    Case((_ROUGH, _PART, _LEAF, _T), "ALTER TABLE p ADD UNIQUE (id), ADD FOREIGN KEY (id) REFERENCES t"),
    Case((_ROUGH, _PART, _T, _TO_T), "ALTER TABLE p ALTER CONSTRAINT to_t DEFERRABLE"),
    Case((_ROUGH, _PART, _T, _TO_T), "ALTER TABLE p ALTER CONSTRAINT to_t NOT DEFERRABLE"),
    Case((_ROUGH, _PART, _T, _TO_T), "ALTER TABLE p DISABLE TRIGGER ALL"),
    Case(
        (_ROUGH, _PART, _T, _TO_T, "ALTER TABLE p RENAME CONSTRAINT to_t TO x"),
        "ALTER TABLE p DROP CONSTRAINT x",
    ),
    Case(
        (_ROUGH, "ALTER TABLE p ADD CONSTRAINT c CHECK (kind <> '') NOT VALID", _PART),
        "ALTER TABLE p VALIDATE CONSTRAINT c",
    ),
    Case(
        (
            _LIST,
            _PART,
            _LEAF,
            "CREATE TABLE r (p integer)",
            "ALTER TABLE r ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p NOT VALID",
        ),
        "ALTER TABLE r VALIDATE CONSTRAINT f",
    ),
    Case(
        (
            "CREATE DOMAIN d AS integer",
            "CREATE TABLE p (a d, b integer) PARTITION BY LIST (b)",
            "CREATE TABLE p1 PARTITION OF p DEFAULT",
        ),
        "ALTER DOMAIN d SET NOT NULL",
    ),
)

KEYED = (
    Case(
        (_LIST, "CREATE TABLE x (id integer NOT NULL UNIQUE, kind text)"),
        "ALTER TABLE p ATTACH PARTITION x FOR VALUES IN (3)",
        since=17,
    ),
    Case((_ROUGH, _DEFAULT, "CREATE INDEX i ON p1 (kind)"), "CREATE INDEX ON p (kind)"),
    Case((_LIST, _DEFAULT), "UPDATE ONLY p SET kind = kind"),
)

INHERITING = (
    Case(
        (_T, _OWN, "ALTER TABLE u INHERIT t", "CREATE TABLE v () INHERITS (u)"),
        "ALTER TABLE t DROP COLUMN note",
    ),
    Case((_T, _OWN, "CREATE INDEX ON u (note)", "ALTER TABLE u INHERIT t"), "ALTER TABLE t DROP COLUMN note"),
    Case((_T, _CHILD, "CREATE TABLE v () INHERITS (u)"), "ALTER TABLE ONLY t DROP COLUMN note"),
    Case(
        (_T, _CHILD, "CREATE TABLE v () INHERITS (u)", "CREATE TABLE w (LIKE t)"), "ALTER TABLE u INHERIT w"
    ),
    Case(("CREATE TABLE t (id integer NOT NULL)", _CHILD), "ALTER TABLE t ALTER id SET NOT NULL"),
    Case(("CREATE TABLE t (id integer NOT NULL)", _CHILD), "ALTER TABLE t ADD PRIMARY KEY (id)"),
    Case(("CREATE TABLE t (id integer)", _CHILD), "ALTER TABLE t ADD PRIMARY KEY (id)"),
    Case((_T, _CHILD), "ALTER TABLE t ADD EXCLUDE (note WITH =)"),
    Case((_T, _CHILD), "ALTER TABLE t ALTER id SET STATISTICS 5, OWNER TO pg_monitor"),
    Case(
        (_T, "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NO INHERIT", _CHILD),
        "ALTER TABLE t DROP CONSTRAINT c",
    ),
    Case(
        (_T, "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NO INHERIT", _CHILD),
        "ALTER TABLE t RENAME CONSTRAINT c TO d",
    ),
    Case((_T, _CHILD), "CREATE PUBLICATION everything FOR TABLE t"),
    Case(
        (
            "CREATE TABLE t (id integer)",
            "CREATE TABLE u (id integer GENERATED ALWAYS AS IDENTITY) INHERITS (t)",
        ),
        "ALTER TABLE t ALTER id TYPE bigint",
    ),
)

TOGETHER = (
    Case((_T,), "ALTER TABLE t CLUSTER ON t_pkey, ADD COLUMN x integer"),
    Case((_T,), "ALTER TABLE t ADD COLUMN x serial, DROP CONSTRAINT t_pkey"),
    Case((_T, "CREATE INDEX i ON t (note)"), "ALTER TABLE t ADD COLUMN x serial, DROP COLUMN note"),
    Case(
        (_T, "CREATE TABLE r (t integer REFERENCES t)"),
        "ALTER TABLE t ALTER id TYPE bigint, DROP CONSTRAINT t_pkey CASCADE",
    ),
    Case(
        (_T, "CREATE TABLE r (t integer)", "CREATE TABLE s (id integer PRIMARY KEY)"),
        "ALTER TABLE r ADD COLUMN s integer REFERENCES s, ADD FOREIGN KEY (t) REFERENCES t",
    ),
)

DEPENDING = (
    Case(
        (_T, "CREATE TABLE r (id integer)", "CREATE POLICY o ON r USING (EXISTS (SELECT FROM t))"),
        "DROP TABLE t CASCADE",
    ),
    Case(
        ("CREATE TABLE t (id serial)", "CREATE TABLE r (LIKE t INCLUDING DEFAULTS)"), "DROP TABLE t CASCADE"
    ),
    Case(
        (
            _T,
            "CREATE TABLE r (id integer, x integer)",
            "CREATE VIEW v AS SELECT a.id FROM t a CROSS JOIN r b",
        ),
        "ALTER TABLE r DROP COLUMN id CASCADE",
    ),
    Case(
        (_T, "CREATE VIEW v AS SELECT * FROM t", "ALTER TABLE t RENAME COLUMN note TO text"),
        "ALTER TABLE t DROP COLUMN text CASCADE",
    ),
    Case(
        (_T, "CREATE VIEW v AS SELECT * FROM t", "ALTER TABLE t ADD COLUMN x integer"),
        "ALTER TABLE t DROP COLUMN x CASCADE",
    ),
    Case(
        (_T, "CREATE TABLE r (t integer REFERENCES t)"),
        "ALTER TABLE r ALTER CONSTRAINT r_t_fkey ENFORCED",
        since=18,
    ),
    Case(("CREATE DOMAIN d AS integer NOT NULL", "CREATE TABLE t (a d)"), "ALTER DOMAIN d SET NOT NULL"),
    Case(("CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY)",), "ALTER TABLE t ALTER id TYPE bigint"),
)

CASES = (*PARTITIONED, *KEYED, *INHERITING, *TOGETHER, *DEPENDING)
