"""The fixes under the real migrator: what every fix promises, on real servers, shown on the cases of fix_cases/.

The fixed project ends in the schema of the original, and runs to its end, twice, and after being cut off at each query.
While it works on a table, others can write to it, where they could not while the original did.
"""

from __future__ import annotations

import pytest

from support.fix_proofs import Runs, cases, differing, interruptions, work_under_lock
from support.server_schema import held

SOME_POSTGRES = (15, 18)
CASES = {case.name: case for case in cases()}


@pytest.fixture
def runs(request, postgres, tmp_path):
    """The case under the version, its original and fixed projects written."""
    case, version = CASES[request.node.callspec.params["name"]], request.node.callspec.params["version"]
    if version not in case.versions or postgres.major not in case.postgres:
        pytest.skip("not for this version")
    found = Runs(case, version, postgres, tmp_path)
    found.original()
    return found


def each(wanted):
    """The cases that a test is for, under each version."""
    names = [name for name, case in CASES.items() if wanted(case)]
    return lambda test: pytest.mark.parametrize("version", ["v0", "v1"])(
        pytest.mark.parametrize("name", names)(test)
    )


def one_server_each(runs):
    """The server does not care which version of drizzle-orm sends the queries: v0 the oldest, v1 the newest one."""
    server = min if runs.version == "v0" else max
    if len(runs.case.versions) > 1 and runs.server.major != server(runs.case.postgres):
        pytest.skip("each version on one server")


@each(lambda case: True)
def test_it_ends_in_the_same_schema_and_can_be_run_again(runs, name, version):
    case, fixed = runs.case, runs.fixed()
    with runs.deployed() as base:
        with runs.copy(base) as dsn:
            wanted = _outcome(runs, dsn)
        with runs.copy(base) as dsn:
            for what in runs.deploys(fixed):
                runs.deploy(what, dsn)
            assert differing(case, wanted, held(dsn)) == []
            assert runs.recorded(dsn) == len(list((fixed / "drizzle").rglob("*.sql")))
            once = held(dsn)
            runs.deploy(fixed, dsn)
            assert held(dsn) == once
    if not case.between:
        with runs.server.database() as dsn:  # a new database, which runs it all at once
            runs.deploy(fixed, dsn)
            assert differing(case, wanted, held(dsn)) == []


@each(lambda case: case.rerun)
def test_it_can_be_run_again_after_an_interruption_anywhere(runs, name, version):
    one_server_each(runs)
    fixed, stops = runs.fixed(), 0
    with runs.deployed() as base:
        phases = runs.deploys(fixed)
        with runs.copy(base) as dsn:
            for what in phases:
                runs.deploy(what, dsn)
            wanted = held(dsn)
        for number, what in enumerate(phases):
            if isinstance(what, str):
                runs.deploy(what, base)
                continue
            for at, within in interruptions(runs, what, base):
                with runs.copy(base) as dsn:
                    runs.cut(what, dsn, at, within=within)
                    for left in phases[number:]:
                        runs.deploy(left, dsn)
                    assert differing(runs.case, wanted, held(dsn)) == [], f"cut at query {at}"
                    stops += 1
            runs.deploy(what, base)
    assert stops


@each(lambda case: case.blocks)
def test_others_can_write_while_it_works(runs, name, version):
    one_server_each(runs)
    fixed = runs.fixed()
    with runs.deployed() as base:
        if not runs.case.fails:
            with runs.copy(base) as dsn:
                _, works = work_under_lock(runs, runs.folder / "original", dsn)
                assert works, "nothing to cure: the original does not keep writers out while it works"
        with runs.copy(base) as dsn:
            for what in runs.deploys(fixed):
                if isinstance(what, str):
                    runs.deploy(what, dsn)
                    continue
                _, works = work_under_lock(runs, what, dsn)
                assert works == []


def _outcome(runs, dsn):
    """What the database holds after the original, or after what says how it should be where that fails."""
    outcome = runs.migrate(runs.folder / "original", dsn)
    if not runs.case.fails:
        assert outcome.ok, outcome
        return held(dsn)
    assert outcome.sqlstate == runs.case.fails
    wanted = runs.wanted()
    assert runs.migrate(wanted, dsn).ok
    return held(dsn)
