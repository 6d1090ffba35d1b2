"""How each kind of change is written in SQL: the headings of docs/locks.md, and what `raincheck explain` lists."""

from __future__ import annotations

from raincheck.sql.kinds import Kind

_TABLE = "ALTER TABLE … {}"
_COLUMN = "ALTER TABLE … ALTER COLUMN … {}"

_TITLES: dict[Kind, str] = {
    **{
        kind: _TABLE.format(words)
        for kind, words in (
            (Kind.RENAME_TABLE, "RENAME TO"),
            (Kind.SET_SCHEMA, "SET SCHEMA"),
            (Kind.SET_OPTIONS, "SET (storage parameters)"),
            (Kind.SET_LOGGED, "SET LOGGED, SET UNLOGGED"),
            (Kind.SET_TABLESPACE, "SET TABLESPACE"),
            (Kind.SET_ACCESS_METHOD, "SET ACCESS METHOD"),
            (Kind.CLUSTER_ON, "CLUSTER ON, SET WITHOUT CLUSTER"),
            (Kind.REPLICA_IDENTITY, "REPLICA IDENTITY"),
            (Kind.CHANGE_OWNER, "OWNER TO"),
            (Kind.INHERIT, "INHERIT, NO INHERIT"),
            (Kind.ATTACH_PARTITION, "ATTACH PARTITION"),
            (Kind.DETACH_PARTITION, "DETACH PARTITION"),
            (Kind.SET_ROW_SECURITY, "ROW LEVEL SECURITY"),
            (Kind.SET_TRIGGER_STATE, "ENABLE TRIGGER, DISABLE TRIGGER"),
            (Kind.SET_RULE_STATE, "ENABLE RULE, DISABLE RULE"),
            (Kind.ADD_COLUMN, "ADD COLUMN"),
            (Kind.DROP_COLUMN, "DROP COLUMN"),
            (Kind.RENAME_COLUMN, "RENAME COLUMN"),
            (Kind.ADD_CHECK, "ADD CHECK"),
            (Kind.ADD_FOREIGN_KEY, "ADD FOREIGN KEY"),
            (Kind.ADD_UNIQUE, "ADD UNIQUE"),
            (Kind.ADD_PRIMARY_KEY, "ADD PRIMARY KEY"),
            (Kind.ADD_EXCLUSION, "ADD EXCLUDE"),
            (Kind.ADD_NOT_NULL, "ADD CONSTRAINT … NOT NULL"),
            (Kind.DROP_CONSTRAINT, "DROP CONSTRAINT"),
            (Kind.VALIDATE_CONSTRAINT, "VALIDATE CONSTRAINT"),
            (Kind.ALTER_CONSTRAINT, "ALTER CONSTRAINT"),
            (Kind.RENAME_CONSTRAINT, "RENAME CONSTRAINT"),
        )
    },
    **{
        kind: _COLUMN.format(words)
        for kind, words in (
            (Kind.ALTER_COLUMN_TYPE, "TYPE"),
            (Kind.SET_NOT_NULL, "SET NOT NULL"),
            (Kind.DROP_NOT_NULL, "DROP NOT NULL"),
            (Kind.SET_DEFAULT, "SET DEFAULT"),
            (Kind.DROP_DEFAULT, "DROP DEFAULT"),
            (Kind.ADD_IDENTITY, "ADD GENERATED … AS IDENTITY"),
            (Kind.SET_IDENTITY, "SET GENERATED, RESTART"),
            (Kind.DROP_IDENTITY, "DROP IDENTITY"),
            (Kind.SET_EXPRESSION, "SET EXPRESSION"),
            (Kind.DROP_EXPRESSION, "DROP EXPRESSION"),
            (Kind.SET_STATISTICS, "SET STATISTICS"),
            (Kind.SET_STORAGE, "SET STORAGE"),
            (Kind.SET_COMPRESSION, "SET COMPRESSION"),
            (Kind.SET_COLUMN_OPTIONS, "SET (options)"),
        )
    },
    Kind.RENAME_INDEX: "ALTER INDEX … RENAME TO",
    Kind.ATTACH_INDEX: "ALTER INDEX … ATTACH PARTITION",
    Kind.RENAME_POLICY: "ALTER POLICY … RENAME TO",
    Kind.RENAME_TRIGGER: "ALTER TRIGGER … RENAME TO",
    Kind.RENAME_TYPE: "ALTER TYPE … RENAME TO",
    Kind.RENAME_SCHEMA: "ALTER SCHEMA … RENAME TO",
    Kind.CREATE_ENUM: "CREATE TYPE … AS ENUM",
    Kind.ADD_ENUM_VALUE: "ALTER TYPE … ADD VALUE",
    Kind.RENAME_ENUM_VALUE: "ALTER TYPE … RENAME VALUE",
    Kind.GRANT: "GRANT, REVOKE",
    Kind.COMMENT: "COMMENT ON",
    Kind.RENAME_RULE: "ALTER RULE … RENAME TO",
    Kind.SET_OF_TYPE: "ALTER TABLE … OF, NOT OF",
    Kind.SET_WITHOUT_OIDS: "ALTER TABLE … SET WITHOUT OIDS",
    Kind.SET_FOREIGN_OPTIONS: "ALTER FOREIGN TABLE … OPTIONS",
    Kind.SET_ALL_TABLESPACES: "ALTER TABLE ALL IN TABLESPACE … SET TABLESPACE",
    Kind.SET_DEPENDENCY: "ALTER … DEPENDS ON EXTENSION",
    Kind.SET_SECURITY_LABEL: "SECURITY LABEL ON",
    Kind.CREATE_OBJECT: "CREATE of what is no relation (CAST, COLLATION, OPERATOR, SERVER, EVENT TRIGGER)",
    Kind.ALTER_OBJECT: "ALTER of what is no relation, ALTER DEFAULT PRIVILEGES",
    Kind.DROP_OBJECT: "DROP of what is no relation",
    Kind.PREPARED_TRANSACTION: "PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED",
    Kind.SESSION: "SET CONSTRAINTS, FETCH, SHOW, LISTEN, NOTIFY, DISCARD, LOAD, CHECKPOINT",
    Kind.OTHER: "Other statements",
}
"""Where it is not the kind's own name in capitals."""


def title(kind: Kind) -> str:
    """A kind of change as SQL spells it: `ALTER TABLE … ADD COLUMN`."""
    return _TITLES.get(kind) or kind.value.replace("_", " ").upper()


def anchor(kind: Kind) -> str:
    """The fragment of docs/locks.md at which a kind of change stands; it stays as it is when headings change."""
    return kind.value.replace("_", "-")
