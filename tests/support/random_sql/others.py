"""Random statements about what hangs on tables: indexes, views, triggers, rules, policies, sequences, statistics, types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.catalog.schema import Domain, Enum, Index, Table, View
from support.random_sql.draw import Unavailable, full, is_of, listed, quoted
from support.random_sql.tables import partition_columns

if TYPE_CHECKING:
    from support.random_sql.draw import Draw


def create_index(d: Draw) -> str:
    table = d.table()
    columns = d.some((c.name for c in table.columns if not is_of(c, "jsonb")), 2)
    must = partition_columns(d, table)
    unique = d.chance(0.3)
    elements = [quoted(name) for name in dict.fromkeys((*must, *columns) if unique else columns)]
    texts = [c for c in table.columns if is_of(c, "text", "varchar")]
    if texts and not (unique and must) and d.chance(0.25):
        elements = [f"lower({quoted(d.pick(texts).name)})"]
    elements[-1] += d.maybe(" DESC", 0.1)
    where = f" WHERE {quoted(columns[0])} IS NOT NULL" if d.chance(0.2) else ""
    include = f" INCLUDE ({quoted(d.column(table).name)})" if d.chance(0.1) else ""
    only = "ONLY " if table.partition_key is not None and d.chance(0.2) else ""
    name = quoted(d.new("i")) if d.chance(0.5) else ""
    exists = "IF NOT EXISTS " if name and d.chance(0.1) else ""
    if d.chance(0.05):
        known = d.index(lambda index: index.table.schema == table.name.schema)
        exists, name = "IF NOT EXISTS ", quoted(known.name.name)
    kind = "UNIQUE " if unique else ""
    return (
        f"CREATE {kind}INDEX {exists}{name} ON {only}{d.name(table)} ({', '.join(elements)}){include}{where}"
    )


def attach_index(d: Draw) -> str:
    parent = d.index(lambda index: not index.valid)
    child = d.index(lambda index: index.parent is None and _child_of(d, index, parent))
    return f"ALTER INDEX {full(parent.name)} ATTACH PARTITION {full(child.name)}"


def alter_index(d: Draw) -> str:
    index = d.index()
    partitioned = _table(d, index).partition_key is not None if isinstance(_table(d, index), Table) else False
    forms = [f"RENAME TO {quoted(d.new('i'))}"]
    forms += ["SET (fillfactor = 80)", "RESET (fillfactor)"] if not partitioned else []
    return f"ALTER INDEX {full(index.name)} {d.pick(forms)}"


def reindex(d: Draw) -> str:
    if d.chance(0.5):
        return f"REINDEX INDEX {full(d.index().name)}"
    return f"REINDEX TABLE {d.name(d.table())}"


def cluster(d: Draw) -> str:
    index = d.index(lambda i: i.method == "btree" and i.where is None and isinstance(_table(d, i), Table))
    return f"CLUSTER {d.name(_table(d, index))} USING {quoted(index.name.name)}"


def create_view(d: Draw) -> str:
    kind = d.pick(("VIEW", "VIEW", "MATERIALIZED VIEW"))
    rest = d.maybe(" WITH NO DATA", 0.3) if kind == "MATERIALIZED VIEW" else ""
    return f"CREATE {kind} {d.new_relation('v')} AS {query(d)}{rest}"


def replace_view(d: Draw) -> str:
    view = d.view(materialized=False)
    below = d.schema.relations.get(d.pick(view.depends_on))
    if not isinstance(below, Table):
        raise Unavailable
    return f"CREATE OR REPLACE VIEW {d.name(view)} AS {view.query.source}"


def alter_view(d: Draw) -> str:
    view = d.view()
    kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
    forms = [f"RENAME TO {quoted(d.new('v'))}", "OWNER TO pg_monitor", f"SET SCHEMA {_schema(d)}"]
    forms += ["SET (fillfactor = 80)"] if view.materialized else ["SET (security_barrier = true)"]
    return f"ALTER {kind} {d.name(view)} {d.pick(forms)}"


def refresh(d: Draw) -> str:
    view = d.view(materialized=True)
    unique = any(
        i.unique and i.where is None and all(e.column for e in i.elements) for i in d.schema.indexes(view)
    )
    concurrently = "CONCURRENTLY " if unique and view.populated and d.chance(0.7) else ""
    return f"REFRESH MATERIALIZED VIEW {concurrently}{d.name(view)}{'' if concurrently else d.maybe(' WITH NO DATA', 0.3)}"


def index_view(d: Draw) -> str:
    view = d.view(materialized=True)
    return f"CREATE UNIQUE INDEX ON {d.name(view)} ({quoted(d.pick(view.columns))})"


def query(d: Draw) -> str:
    """A query over one or two relations, or all columns of one."""
    table = d.table()
    if d.chance(0.15):
        return f"SELECT * FROM {d.name(table)}"
    columns = d.some((c.name for c in table.columns), 2)
    if d.chance(0.25):
        view = d.view()
        if not view.columns:
            raise Unavailable
        return f"SELECT {quoted(d.pick(view.columns))} AS {quoted(d.new('x'))} FROM {d.name(view)}"
    if d.chance(0.3):
        other = d.table()
        return f"SELECT a.{quoted(columns[0])} FROM {d.name(table)} a CROSS JOIN {d.name(other)} b"
    where = f" WHERE {quoted(d.column(table).name)} IS NOT NULL" if d.chance(0.3) else ""
    return f"SELECT {listed(columns)} FROM {d.name(table)}{where}"


def create_trigger(d: Draw) -> str:
    table = d.table()
    row = d.maybe("FOR EACH ROW ", 0.7)
    timing = "AFTER" if table.partition_key is not None else d.pick(("AFTER", "BEFORE"))
    events = d.pick(("INSERT", "UPDATE", "DELETE", "INSERT OR UPDATE"))
    name = quoted(d.new("g"))
    if row and timing == "AFTER" and d.chance(0.2) and table.partition_key is None:
        return (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {events} ON {d.name(table)} FROM {d.name(d.table())}"
            " FOR EACH ROW EXECUTE FUNCTION touch()"
        )
    return f"CREATE TRIGGER {name} {timing} {events} ON {d.name(table)} {row}EXECUTE FUNCTION touch()"


def change_trigger(d: Draw) -> str:
    table = d.table(lambda found: bool(found.triggers))
    name = quoted(d.pick(table.triggers).name)
    if d.chance(0.5):
        return f"DROP TRIGGER {d.maybe('IF EXISTS ')}{name} ON {d.name(table)}"
    if table.partition_key is not None and d.major < 15:
        raise Unavailable
    return f"ALTER TRIGGER {name} ON {d.name(table)} RENAME TO {quoted(d.new('g'))}"


def create_rule(d: Draw) -> str:
    """What a rule does beyond nothing, no prediction knows."""
    name, table = quoted(d.new("r")), d.table()
    return f"CREATE RULE {name} AS ON UPDATE TO {d.name(table)} WHERE false DO ALSO NOTHING"


def drop_rule(d: Draw) -> str:
    table = d.table(lambda found: bool(found.rules))
    return f"DROP RULE {quoted(d.pick(table.rules))} ON {d.name(table)}"


def policy(d: Draw) -> str:
    table = d.table(lambda found: bool(found.policies) or d.chance(0.3))
    using = d.pick(
        ("true", f"EXISTS (SELECT FROM {d.name(d.table())})", f"{quoted(d.column(table).name)} IS NOT NULL")
    )
    if not table.policies:
        return f"CREATE POLICY {quoted(d.new('o'))} ON {d.name(table)} USING ({using})"
    name = quoted(d.pick(table.policies).name)
    return d.pick(
        (
            f"ALTER POLICY {name} ON {d.name(table)} USING ({using})",
            f"ALTER POLICY {name} ON {d.name(table)} RENAME TO {quoted(d.new('o'))}",
            f"DROP POLICY {name} ON {d.name(table)}",
        )
    )


def sequence(d: Draw) -> str:
    if d.chance(0.3):
        return f"CREATE SEQUENCE {d.new_relation('s')}{_owner(d)}"
    found = d.sequence(lambda each: not each.identity)
    forms = [
        "INCREMENT BY 3",
        "RESTART",
        f"RENAME TO {quoted(d.new('s'))}",
        "OWNED BY NONE",
        _owner(d) or "CACHE 5",
    ]
    forms += [f"SET SCHEMA {_schema(d)}", "OWNER TO pg_monitor"] if found.owned_by is None else []
    return f"ALTER SEQUENCE {d.name(found)} {d.pick(forms)}"


def next_value(d: Draw) -> str:
    table = d.top()
    column = d.column(
        table, lambda c: is_of(c, "int4", "int8") and c.identity is None and c.generated is None
    )
    return f"ALTER TABLE {d.name(table)} ALTER {quoted(column.name)} SET DEFAULT nextval('{full(d.sequence().name)}')"


def statistics(d: Draw) -> str:
    table = d.table(lambda found: len(found.columns) > 1)
    columns = [c.name for c in table.columns if not is_of(c, "jsonb")]
    if len(columns) < 2:
        raise Unavailable
    return f"CREATE STATISTICS {d.new_relation('stat')} ON {listed(d.random.sample(columns, 2))} FROM {d.name(table)}"


def comment(d: Draw) -> str:
    table = d.table()
    forms = [f"TABLE {d.name(table)}", f"COLUMN {full(table.name)}.{quoted(d.column(table).name)}"]
    forms += [f"CONSTRAINT {quoted(c.name)} ON {d.name(table)}" for c in table.constraints]
    forms += [f"INDEX {full(name)}" for name in table.indexes]
    forms += [f"TRIGGER {quoted(t.name)} ON {d.name(table)}" for t in table.triggers]
    forms += [f"RULE {quoted(name)} ON {d.name(table)}" for name in table.rules]
    return f"COMMENT ON {d.pick(forms)} IS 'said'"


def grant(d: Draw) -> str:
    relation = d.pick((d.table, d.view, d.sequence))()
    return f"{d.pick(('GRANT SELECT ON', 'GRANT ALL ON'))} {d.name(relation)} TO pg_monitor"


def types(d: Draw) -> str:
    found = d.pick(sorted(d.schema.types.values(), key=lambda each: each.name))
    name = full(found.name)
    if isinstance(found, Enum):
        forms = [
            f"ALTER TYPE {name} ADD VALUE 'v{d.number()}'",
            f"ALTER TYPE {name} RENAME VALUE '{found.values[0]}' TO 'r{d.number()}'",
        ]
    elif isinstance(found, Domain) and not _in_materialized_view(d, found):
        forms = [
            f"ALTER DOMAIN {name} ADD CONSTRAINT {quoted(d.new('k'))} CHECK (VALUE IS NOT NULL OR true)",
            f"ALTER DOMAIN {name} ADD CONSTRAINT {quoted(d.new('k'))} CHECK (true) NOT VALID",
            f"ALTER DOMAIN {name} {d.pick(('SET', 'DROP'))} NOT NULL",
            f"ALTER DOMAIN {name} {d.pick(('SET DEFAULT NULL', 'DROP DEFAULT'))}",
        ]
    else:
        forms = []
    forms += [f"ALTER TYPE {name} RENAME TO {quoted(d.new('y'))}"] if d.chance(0.2) else []
    return d.pick(forms)


def _in_materialized_view(d: Draw, domain: Domain) -> bool:
    """Whether one may have a column of the domain: the types of views' columns are not known."""
    views = [view for view in d.schema.relations.values() if isinstance(view, View) and view.materialized]
    tables = [table for table in d.schema.relations.values() if isinstance(table, Table)]
    return bool(views) and any(
        column.type.name == domain.name for table in tables for column in table.columns
    )


def create_type(d: Draw) -> str:
    name = d.new_relation("y")
    return d.pick(
        (
            f"CREATE TYPE {name} AS ENUM ('a', 'b')",
            f"CREATE DOMAIN {name} AS integer",
            f"CREATE DOMAIN {name} AS text NOT NULL",
        )
    )


def publish(d: Draw) -> str:
    return f"CREATE PUBLICATION {quoted(d.new('pub'))} FOR TABLE {d.name(d.table(lambda t: t.partition_key is None and t.persistence == 'permanent'))}"


def _table(d: Draw, index: Index) -> Table | View:
    return d.schema.relations[index.table]


def _child_of(d: Draw, index: Index, parent: Index) -> bool:
    table = _table(d, parent)
    same = [e.column for e in index.elements] == [
        e.column for e in parent.elements
    ] and index.unique == parent.unique
    return same and isinstance(table, Table) and index.table in table.children


def _owner(d: Draw) -> str:
    if d.chance(0.5):
        return ""
    table = d.table(lambda found: found.name.schema == "public" and found.partition_key is None)
    return f" OWNED BY {full(table.name)}.{quoted(d.column(table).name)}"


def _schema(d: Draw) -> str:
    return quoted(d.pick(("public", "app", "My Shop")))


HANGING = {
    create_index: 8,
    attach_index: 2,
    alter_index: 1.5,
    reindex: 1.5,
    cluster: 1,
    create_view: 4,
    replace_view: 1,
    alter_view: 1,
    refresh: 2,
    index_view: 1,
    create_trigger: 2.5,
    change_trigger: 1.5,
    create_rule: 0.7,
    drop_rule: 0.5,
    policy: 1.5,
    sequence: 2,
    next_value: 1,
    statistics: 1,
    comment: 1.5,
    grant: 0.7,
    types: 2,
    create_type: 1,
    publish: 0.3,
}
"""Statements, each with how often it is drawn beside the others."""
