"""Globs of `[[overrides]]`: what each stands for."""

from __future__ import annotations

import pytest

from raincheck.engine.globs import MOST_CHOICES, matches

PATHS = (
    "drizzle/0000_init.sql",
    "drizzle/0001_add.sql",
    "drizzle/legacy/0000_old.sql",
    "drizzle/legacy/deep/0001_old.sql",
    "packages/api/drizzle/0000_init.sql",
    "raincheck.toml",
)


@pytest.mark.parametrize(
    ("glob", "wanted"),
    [
        ("drizzle/legacy/**", (2, 3)),
        ("drizzle/legacy", (2, 3)),
        ("drizzle/legacy/", (2, 3)),
        ("./drizzle/*.sql", (0, 1)),
        ("/drizzle/*.sql", (0, 1)),
        ("drizzle/**/*.sql", (0, 1, 2, 3)),
        ("**/0000_*.sql", (0, 2, 4)),
        ("0000_*.sql", (0, 2, 4)),
        ("/0000_*.sql", ()),
        ("legacy", (2, 3)),
        ("drizzle/000[01]_*.sql", (0, 1)),
        ("drizzle/000[!0]_*.sql", (1,)),
        ("drizzle/{0000,0001}_{init,x}.sql", (0,)),
        ("drizzle/000?_init.sql", (0,)),
        ("packages/*/drizzle", (4,)),
        ("**", (0, 1, 2, 3, 4, 5)),
        ("*.toml", (5,)),
        ("drizzle/0000.init.sql", ()),
        ("[", ()),
        ("{a", ()),
    ],
)
def test_a_glob_stands_for(glob, wanted):
    assert [path for path in PATHS if matches(glob, path)] == [PATHS[n] for n in wanted]


def test_braces_do_not_multiply_without_end():
    assert MOST_CHOICES < 2**20
    assert not matches("{a,b}" * 20 + "/x", "a" * 20 + "/x")
