from __future__ import annotations

from raincheck.rules import ALL


def test_all_rules_are_listed_with_their_summaries(run):
    code, out, _ = run("explain")
    assert code == 0
    assert len(out.splitlines()) == len(ALL)
    for rule, line in zip(ALL, out.splitlines(), strict=True):
        assert line.split()[:2] == [rule.name, rule.severity]
        assert line.endswith(rule.__doc__.splitlines()[0])


def test_a_page_is_shown(run):
    code, out, _ = run("explain", "index-blocks-writes")
    assert code == 0
    assert "index-blocks-writes" in out
    assert "```" not in out
