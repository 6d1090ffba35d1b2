"""drizzle.config.* is read without running it; what only running it could tell is said at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raincheck.project.config import DrizzleConfig, read_config

PROJECTS = Path(__file__).parent.parent / "projects"
FULL = """import { defineConfig } from "drizzle-kit"; // é 😀
const folder = "db/😀";
const base = { dialect: 'postgresql' as const };
export default defineConfig({
  ...base, out: `./${folder}/migrations`, schema: ["./a.ts", "./\\x62.ts"], breakpoints: false,
  migrations: { table: "done", schema: "public", prefix: "timestamp" },
  dbCredentials: { url: process.env.DATABASE_URL! },
});
"""


def check(text: str, name: str = "drizzle.config.ts", **fields: object) -> DrizzleConfig:
    """The configuration has these fields and no problems."""
    config = read_config(name, text)
    assert config.problems == ()
    assert {field: getattr(config, field) for field in fields} == fields
    return config


def said(text: str, name: str = "drizzle.config.ts") -> list[tuple[str, str]]:
    """The rule of each problem, and the text it points at."""
    problems = read_config(name, text).problems
    return [(problem.rule, problem.span.within(text) if problem.span else "") for problem in problems]


@pytest.mark.parametrize(
    ("path", "out", "prefix", "table"),
    [
        ("config-variants/json/drizzle.config.json", "./m", "index", "__drizzle_migrations"),
        ("config-variants/noout/drizzle.config.js", "drizzle", "index", "__drizzle_migrations"),
        ("config-variants/two/drizzle.config.ts", "./m1", "index", "__drizzle_migrations"),
        ("config-variants/two/drizzle-dev.config.ts", "./m2", "index", "__drizzle_migrations"),
        ("config-variants/p_none/drizzle.config.ts", "./migrations", "none", "my_migs"),
        ("config-variants/p_supabase/drizzle.config.ts", "./migrations", "supabase", "my_migs"),
        ("chain-v0/drizzle.config.ts", "./drizzle", "index", "__drizzle_migrations"),
    ],
)
def test_real_configurations(path: str, out: str, prefix: str, table: str) -> None:
    text = (PROJECTS / path).read_text()
    check(text, path, out=out, dialect="postgresql", prefix=prefix, migrations_table=table)


def test_no_real_configuration_is_unreadable() -> None:
    for path in PROJECTS.rglob("drizzle*.config.*"):
        assert read_config(path.name, path.read_text()).problems == (), path


def test_every_field() -> None:
    check(
        FULL,
        out="./db/😀/migrations",
        schema=("./a.ts", "./b.ts"),
        dialect="postgresql",
        migrations_table="done",
        migrations_schema="public",
        prefix="timestamp",
        breakpoints=False,
    )


@pytest.mark.parametrize(
    "text",
    [
        "export default defineConfig({ out: 'x' })",
        "export default { out: 'x' }",
        "export default { out: 'x' } satisfies Config",
        "export default { out: 'x' } as Config",
        "export default <const>({ out: 'x' }) as Config;".replace("<const>", ""),
        "module.exports = { out: 'x' }",
        "module.exports = kit.defineConfig({ 'out': \"x\" });",
        "exports.default = { out: 'x' }",
        "const config: Config = { out: 'x' };\nexport default config;",
        "export const out = 'x' as string; export default { out };",
        "const a = b, b = 'x'; export default { out: a }",
        "const base = { out: 'x' }; export default { ...base }",
        "export default { out: /* here */ 'x', dialect: undefined }",
        "#!/usr/bin/env node\nexport default { out: 'x' }",
    ],
)
def test_ways_to_export(text: str) -> None:
    check(text, out="x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export default { out: process.env.OUT }", [("config-not-static", "process.env.OUT")]),
        ("export default { out: join('a', 'b') }", [("config-not-static", "join('a', 'b')")]),
        ("export default { out: `./${name}` }", [("config-not-static", "`./${name}`")]),
        ("let o = 'x'; export default { out: o }", [("config-not-static", "o")]),
        ("const o = o; export default { out: o }", [("config-not-static", "o")]),
        ("export default { out: 5 }", [("config-not-static", "5")]),
        ("/* 😀 */ export default { out() {} }", [("config-not-static", "out() {}")]),
        ("export default { schema: ['a', f()] }", [("config-not-static", "f()")]),
        ("export default { out: 'x', migrations: given }", [("config-not-static", "given")]),
        ("export default [{ out: 'a' }]", [("config-unreadable", "[{ out: 'a' }]")]),
        ("export default make()", [("config-unreadable", "make()")]),
        ("export default 'x'", [("config-unreadable", "'x'")]),
        ("export const a = 1", [("config-unreadable", "")]),
        ("", [("config-unreadable", "")]),
    ],
)
def test_what_is_not_static_is_said_at_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


def test_a_spread_that_is_not_read_leaves_open_what_it_may_set() -> None:
    text = "export default { ...shared, dialect: 'postgresql' }"
    config = read_config("drizzle.config.ts", text)
    assert (config.out, config.dialect) == (None, "postgresql")
    assert said(text) == [("config-not-static", "...shared")]
    assert "`...shared`" in config.problems[0].message


def test_dialects() -> None:
    assert not check("export default { dialect: 'postgresql' }").foreign
    assert not check("export default { driver: 'pg' }", dialect="postgresql").foreign
    assert not check("export default {}", dialect=None).foreign
    assert check("export default { dialect: 'turso' }").foreign
    assert check("export default { driver: 'mysql2' }", dialect="mysql").foreign
    assert not check("export default { dialect: 'postgresql', driver: 'pglite' }").foreign


def test_json_that_is_broken_is_said_where_it_breaks() -> None:
    text = '{ "out": "x",\n  oops }'
    assert said(text, "drizzle.config.json") == [("config-unreadable", "o")]
    assert said("[" * 100_000, "drizzle.config.json")[0][0] == "config-unreadable"
    assert said('{"out": 5}', "drizzle.config.json") == [("config-not-static", "5")]


@pytest.mark.parametrize("name", ["drizzle.config.ts", "drizzle.config.json"])
def test_hostile_texts(name: str) -> None:
    for text in (
        "export default " + "[" * 20_000,
        "export default " + "({a:" * 5_000,
        "x" * 2_000_000,
        "\x00",
    ):
        assert read_config(name, text).problems


@given(st.integers(0, len(FULL)), st.integers(0, len(FULL)), st.text(max_size=5))
def test_reading_never_raises(start: int, end: int, put: str) -> None:
    text = FULL[:start] + put + FULL[end:]
    for problem in read_config("drizzle.config.ts", text).problems:
        assert problem.span is None or 0 <= problem.span.start <= problem.span.end <= len(text)
