"""The fixes under the real migrator: what every fix promises, on real servers, shown on the cases of fix_cases/.

The fixed project ends in the schema of the original, and runs to its end, twice, and after being cut off at each query.
While it works on a table, others can write to it, where they could not while the original did.
"""

from __future__ import annotations

import pytest

from support.fix_proofs import Runs, cases, differing, interruptions, work_under_lock
from support.server_schema import held, journalled

SOME_POSTGRES = (15, 18)
CASES = {case.name: case for case in cases()}


@pytest.fixture
def runs(request, postgres, tmp_path):
    """The case under the version, its original and fixed projects written."""
    params = request.node.callspec.params
    found = Runs(CASES[params["name"]], params["version"], postgres, tmp_path)
    found.original()
    return found


def each(wanted):
    """The cases that a test is for, under each version."""
    names = [name for name, case in CASES.items() if wanted(case)]
    return lambda test: pytest.mark.parametrize("version", ["v0", "v1"])(
        pytest.mark.parametrize("name", names)(test)
    )


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
            cuts = interruptions(runs, what, base)
            while cut := next(cuts, None):
                with runs.copy(base) as dsn:
                    start = held(dsn), journalled(dsn)
                    while cut:
                        runs.cut(what, dsn, *cut)
                        stops += 1
                        if (held(dsn), journalled(dsn)) != start:
                            break
                        cut = next(cuts, None)  # as if nothing had happened
                    for left in phases[number:]:
                        runs.deploy(left, dsn)
                    assert differing(runs.case, wanted, held(dsn)) == [], f"cut at query {cut}"
            runs.deploy(what, base)
    assert stops


@each(lambda case: case.blocks)
def test_others_can_write_while_it_works(runs, name, version):
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


def spoilt(runs, old, new):
    """The fixed project with something taken out of its migrations."""
    fixed = runs.fixed()
    found = [path for path in (fixed / "drizzle").rglob("*.sql") if old in path.read_text()]
    assert found, old
    for path in found:
        path.write_text(path.read_text().replace(old, new))
    return fixed


def one(postgres, folder, name):
    found = Runs(CASES[name], "v0", postgres, folder)
    found.original()
    return found


def test_a_fix_that_leaves_an_invalid_index_behind_would_be_found_out(postgres, tmp_path):
    runs = one(postgres, tmp_path, "an index alone in its file")
    dropping = 'DROP INDEX CONCURRENTLY IF EXISTS "crm"."Leads_source_idx";--> statement-breakpoint\n'
    spoilt_one, failing = spoilt(runs, dropping, ""), []
    with runs.deployed() as base:
        for at, within in interruptions(runs, spoilt_one, base):
            with runs.copy(base) as dsn:
                runs.cut(spoilt_one, dsn, at, within)
                if not runs.migrate(spoilt_one, dsn).ok:
                    failing.append((within, "already exists" in runs.migrate(spoilt_one, dsn).message))
    assert (True, True) in failing  # cut off in its midst
    assert (False, True) in failing  # cut off when it was built


def test_a_fix_that_scans_under_the_lock_would_be_found_out(postgres, tmp_path):
    runs = one(postgres, tmp_path, "NOT NULL")
    spoilt_one = spoilt(runs, "COMMIT;", "SELECT 1;")
    with runs.deployed() as base:
        locked, works = work_under_lock(runs, spoilt_one, base)
    assert any("NOT VALID" in query for query in locked)
    assert ["VALIDATE" in query for query in works] == [True]


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
