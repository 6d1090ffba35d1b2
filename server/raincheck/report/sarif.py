"""SARIF 2.1.0, which GitHub's code scanning and many editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Columns count code points, and say so. Paths count
from the folder that `%SRCROOT%` stands for: the repository's.
"""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any

import raincheck
from raincheck.engine.finding import Severity
from raincheck.report.encoding import utf8
from raincheck.report.offers import cures
from raincheck.report.told import Places, merged, ranked, region
from raincheck.rules import ALL, pages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Fix
    from raincheck.engine.rule import Rule
    from raincheck.report.style import Style
    from raincheck.report.told import Place, Told
    from raincheck.text import Edit, LineIndex

Json = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_UNRESERVED = f"{string.ascii_letters}{string.digits}-._~/"
_LEVELS = {Severity.DANGER: "error", Severity.RISK: "warning", Severity.NOTE: "note"}


def piece(analysis: Analysis, style: Style, _: Collection[Severity]) -> list[tuple[int, Json]]:
    places = Places(analysis, style)
    return ranked(analysis, style, lambda one: _result(one, places))


def whole(pieces: Sequence[Any], notes: Sequence[str], _: Style) -> str:
    results = merged(pieces)
    known = {rule.name: rule for rule in ALL}
    rules = {name: known[name] for each in results if (name := each["ruleId"]) in known}
    driver = {
        "name": "Raincheck",
        "version": raincheck.__version__,
        "rules": [_rule(rule) for rule in rules.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "invocations": [{"executionSuccessful": True, **_notes(notes)}],
        "results": [_indexed(each, [*rules]) for each in results],
    }
    report = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _notes(notes: Sequence[str]) -> Json:
    told_of = [{"message": {"text": utf8(note)}, "level": "note"} for note in notes]
    return {"toolExecutionNotifications": told_of} if told_of else {}


def _rule(rule: Rule) -> Json:
    page = pages.page(rule.name)
    return {
        "id": rule.name,
        "shortDescription": {"text": (rule.__doc__ or rule.name).strip().split("\n", 1)[0]},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "help": {"text": page, "markdown": page},
        "properties": {"tags": [pages.family(rule.name)]},
    }


def _indexed(result: Json, rules: Sequence[str]) -> Json:
    """A result with the place of its rule in the report; what the engine itself says has none."""
    name = result["ruleId"]
    return {"ruleId": name, **({"ruleIndex": rules.index(name)} if name in rules else {}), **result}


def _result(one: Told, places: Places) -> Json:
    finding = one.finding
    related = [(each.message, at) for each in finding.related if (at := places.related(each)) is not None]
    fixes = [told_of for fix in cures(one.analysis, finding) if (told_of := _fix(fix, places))]
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": one.text},
        "locations": [_location(one.place)],
        "relatedLocations": [{**_location(at), "message": {"text": utf8(said)}} for said, at in related],
        "partialFingerprints": {"raincheck/v1": one.identity},
        **({"fixes": fixes} if fixes else {}),
    }


def _location(place: Place) -> Json:
    where: Json = {"artifactLocation": _artifact(place.path)}
    if place.region is not None:
        names = ("startLine", "startColumn", "endLine", "endColumn")
        where["region"] = dict(zip(names, place.region, strict=True))
    return {"physicalLocation": where}


def _artifact(path: str) -> Json:
    uri = "".join(chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in path.encode())
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _fix(fix: Fix, places: Places) -> Json | None:
    """A fix that edits files whose texts are at hand; SARIF cannot tell one that makes new files."""
    edited = {path: places.lines(path) for path in fix.edits}
    if fix.creates or not edited or None in edited.values():
        return None
    changes = [
        {
            "artifactLocation": _artifact(places.path(path)),
            "replacements": [*_replacements(fix.edits[path], lines)],
        }
        for path, lines in edited.items()
        if lines is not None
    ]
    return {"description": {"text": f"{utf8(fix.title)} ({fix.safety})"}, "artifactChanges": changes}


def _replacements(edits: Sequence[Edit], lines: LineIndex) -> Iterator[Json]:
    for edit in edits:
        names = ("startLine", "startColumn", "endLine", "endColumn")
        deleted = dict(zip(names, region(lines, edit.span), strict=True))
        yield {"deletedRegion": deleted, "insertedContent": {"text": utf8(edit.text)}}
