"""After any keys, what is published of a file is what an analysis from scratch finds in the same texts."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raincheck.engine.analysis import analyse
from raincheck.lsp.client import Client
from raincheck.lsp.convert import uri_of
from raincheck.lsp.diagnostics import diagnostic
from raincheck.lsp.sources import OpenFile, Sources
from raincheck.lsp.workspace import Workspace
from raincheck.rules import ALL
from support.drizzle_folder import DrizzleFolder
from support.projects import BREAKPOINT, chunked

INIT = (
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);\n' + BREAKPOINT + "CREATE TABLE t (a int);"
)
TEXT = chunked(
    "-- caf\u00e9 \U0001f600\n",
    'CREATE INDEX "i" ON "users" ("email");\n',
    'ALTER TABLE "users" ADD COLUMN "n" int NOT NULL; DROP INDEX "i";\n',
    "-- raincheck: allow drop-table because it is empty\nDROP TABLE t;\n",
    "UPDATE users SET email = '';\n",
    'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;\n',
    "BEGIN; SET lock_timeout = '1s'; COMMIT;\n",
    'CREATE INDEX CONCURRENTLY "j" ON "users" ("n");\n',
)
TYPED = st.sampled_from(
    ['"', "x", "\n", ";", "'", "\u00e9", "--", "ROLLBACK;", 'DROP TABLE "users";', BREAKPOINT]
)
KEYS = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.sampled_from([0, 0, 0, 1, 2, 40]), st.one_of(TYPED, st.just(""))),
    min_size=1,
    max_size=8,
)
CLIENT = Client(related=True, links=True, data=True, tags=frozenset({1, 2}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = DrizzleFolder(tmp_path_factory.mktemp("edited"), {"0000_init": INIT, "0001_next": TEXT})
    found.root.joinpath("drizzle", "raincheck.sum").write_text("")
    return str(found.root)


def said(analysis, path, file):
    """The diagnostics of one open file, as JSON."""
    sources = Sources(analysis, {path: file}, CLIENT.encoding)
    found = analysis.by_path.get("drizzle/0001_next.sql", ())
    return orjson.dumps([diagnostic(finding, sources, CLIENT) for finding in found])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(KEYS)
def test_what_is_published_after_each_of_many_keys_is_as_from_scratch(folder, keys):
    workspace, text = Workspace(CLIENT), TEXT
    path = f"{folder}/drizzle/0001_next.sql"
    workspace.apply([lambda it: it.enter(folder)])
    for version, (place, length, typed) in enumerate(keys):
        text = text[:place] + typed + text[place + length :]
        file = OpenFile(uri_of(path), version, text)
        workspace.apply([lambda it, file=file: it.edit(path, file)])
        reports = workspace.reports()
        known = workspace.subject(path).analysis
        fresh = analyse(known.project, known.settings, ALL)
        assert known.findings == fresh.findings
        assert (reports[path].diagnostics if path in reports else b"[]") == said(fresh, path, file)
        assert [step.after for step in known.timeline.steps] == [step.after for step in fresh.timeline.steps]
        assert known.timeline.moments == fresh.timeline.moments
