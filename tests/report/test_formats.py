"""The forms for other programs: each is what its reader's documentation asks for, and keeps its promises."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from raincheck.engine.analysis import analyse
from raincheck.engine.finding import Severity
from raincheck.engine.settings import Settings
from raincheck.report.formats import FORMATS, render
from raincheck.report.style import Style
from raincheck.rules import ALL
from raincheck.text import Edit, Span, apply_edits
from support.changes import changing
from support.official_schemas import check
from support.projects import project
from support.recorded import analyses

HERE = Style(start="/app")
INDEX = 'CREATE INDEX "i" ON "users" ("name");'
STOPS = (Severity.DANGER, Severity.RISK)


def results(*found, notes=()):
    report = json.loads(render("sarif", found, notes, HERE))
    check("sarif", report)
    return report["runs"][0]["results"]


@pytest.mark.parametrize("folder", ["chain-v0/drizzle", "chain-v1/drizzle"])
def test_sarif_is_valid_for_recorded_migrations(folder):
    found = [*analyses(folder)]
    told = results(*found, notes=["something to know"])
    assert len(told) == sum(len(each.findings) for each in found) > 10
    assert any("fixes" in each for each in told)
    assert any(each["relatedLocations"] for each in told)


def test_a_region_of_sarif_is_the_text_that_the_finding_is_about():
    text = f"-- ä𝄞\r\n/* 𝄞 */ {INDEX}"
    found = changing(text)
    (index,) = (each for each in results(found) if each["ruleId"] == "index-blocks-writes")
    place = index["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "drizzle/0001_change.sql", "uriBaseId": "%SRCROOT%"}
    assert cut(text, place["region"]) == INDEX[:-1]


def cut(text: str, region: dict[str, int]) -> str:
    return text[_offset(text, region, "start") : _offset(text, region, "end")]


def _offset(text: str, region: dict[str, int], which: str) -> int:
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[: region[f"{which}Line"] - 1]))
    return before + region[f"{which}Column"] - 1


def test_a_fix_of_sarif_changes_what_the_fix_changes():
    found = changing('ALTER TABLE "users" ADD COLUMN "b" text;', INDEX)
    (finding,) = (each for each in found.findings if each.rule == "lock-timeout-missing")
    (wanted,) = (fix for _, fix in found.fixes(finding) if not fix.title.startswith("Allow "))
    (result,) = (each for each in results(found) if each["ruleId"] == finding.rule)
    (change,) = result["fixes"][0]["artifactChanges"]
    text = found.project.migrations[1].document.text
    edits = [
        Edit(
            Span(_offset(text, each["deletedRegion"], "start"), _offset(text, each["deletedRegion"], "end")),
            each["insertedContent"]["text"],
        )
        for each in change["replacements"]
    ]
    assert apply_edits(text, edits) == apply_edits(text, wanted.edits[finding.path])


def identities(*statements):
    return [each["partialFingerprints"]["raincheck/v1"] for each in results(changing(*statements))]


def test_a_fingerprint_stays_when_lines_move_and_goes_when_the_statement_changes():
    before = identities('DROP TABLE "users";')
    assert identities('-- a comment\n\n\nDROP  TABLE "users";') == before
    assert not set(before) & set(identities('DROP TABLE "posts";'))


def test_equal_findings_have_fingerprints_of_their_own():
    found = identities('ALTER TABLE "users" DROP COLUMN "age";', 'ALTER TABLE "users" DROP COLUMN "age";')
    assert len(found) == len(set(found)) > 1


def test_annotations_escape_what_would_end_them():
    found = analyse(project({"0001_a,b:c%": 'DROP TABLE "100%";'}, everything=True), Settings(), ALL)
    lines = render("github", [found], ["50% done\nso far"], HERE).splitlines()
    assert lines[0] == "::notice::50%25 done%0Aso far"
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines[1:])
    assert "file=drizzle/0001_a%2Cb%3Ac%25.sql,line=1,endLine=1," in lines[1]
    assert '"100%25"' in lines[1]


def test_annotations_begin_with_the_severest():
    levels = [
        line.split()[0] for line in render("github", [*analyses("chain-v0/drizzle")], [], HERE).splitlines()
    ]
    assert levels == sorted(levels, key=["::error", "::warning", "::notice"].index)
    assert len(set(levels)) > 1


def test_code_quality_has_what_gitlab_asks_for():
    issues = json.loads(render("gitlab", [*analyses("chain-v1/drizzle")], [], HERE))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 10
    for issue in issues:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not issue["location"]["path"].startswith("./")
        assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]


def suites(found, fails=STOPS):
    return ET.fromstring(render("junit", found, [], HERE, fails))


def test_junit_counts_what_it_has():
    (suite,) = suites([changing('ALTER TABLE "users" ADD COLUMN "b" text;', INDEX)])
    assert suite.get("name") == "drizzle"
    assert int(suite.get("tests")) == len(suite)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) > 0
    (suite,) = suites([changing("SELECT 1;")])
    assert [case.get("name") for case in suite] == ["no finding"]


def test_junit_fails_for_what_the_check_stops_at():
    found = [changing(INDEX)]
    failures = {len(suites(found, fails).findall(".//failure")) for fails in ((), STOPS)}
    assert failures == {0, len(found[0].findings)}
    assert suites(found, ()).findall(".//system-out")


def test_junit_is_xml_whatever_a_name_holds():
    (suite,) = suites([changing('DROP TABLE "users\x01]]>&<\uffff";')])
    assert "\N{REPLACEMENT CHARACTER}" in suite.find("testcase/failure").text


def test_a_summary_has_each_message_once():
    text = render("markdown", [*analyses("chain-v0/drizzle")], ["A note."], HERE)
    assert text.startswith("## Raincheck: red\n")
    assert "\n> A note.\n" in text
    assert text.count("<details>") == text.count("</details>") > 3


def test_a_summary_of_nothing_says_so():
    text = render("markdown", [changing("SELECT 1;")], [], HERE)
    assert text == "## Raincheck: green\n\nNothing to say. The pending run deploys by itself.\n"


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_are_not_utf_8_break_no_form(form):
    found = analyse(project({"0001_\udcff": INDEX}, everything=True), Settings(), ALL)
    render(form, [found], ["\udcff"], HERE, STOPS).encode("utf-8", "surrogateescape")
