"""JUnit's XML, which every CI server shows: a suite a project, a case a finding, and one for each file that has none.

What fails is what `--fail-on` stops at; the rest passes, with its words as output.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from raincheck.report.told import Places, told

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Severity
    from raincheck.report.style import Style
    from raincheck.report.told import Told

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold: https://www.w3.org/TR/xml/#charsets."""


def piece(analysis: Analysis, style: Style, fails: Collection[Severity]) -> list[Any]:
    return _plain(_suite(analysis, style, fails))


def whole(pieces: Sequence[Any], notes: Sequence[str], _: Style) -> str:
    suites = ET.Element("testsuites", name="raincheck")
    suites.extend(map(_element, pieces))
    for note in notes:
        _output(suites[0], note)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _plain(element: ET.Element) -> list[Any]:
    return [element.tag, element.attrib, element.text, [_plain(each) for each in element]]


def _element(plain: list[Any]) -> ET.Element:
    tag, attributes, text, inside = plain
    element = ET.Element(tag, attributes)
    element.text = text
    element.extend(map(_element, inside))
    return element


def _suite(analysis: Analysis, style: Style, fails: Collection[Severity]) -> ET.Element:
    places, found = Places(analysis, style), told(analysis, style)
    silent = [each.path for each in analysis.project.migrations if each.pending]
    silent = [path for path in silent if path not in analysis.by_path]
    failing = sum(one.finding.severity in fails for one in found)
    count = str(len(found) + len(silent))
    suite = ET.Element(
        "testsuite", name=places.path(analysis.project.out), tests=count, failures=str(failing)
    )
    for one in found:
        _case(suite, one, failed=one.finding.severity in fails)
    for path in silent:
        ET.SubElement(suite, "testcase", classname=_xml(places.path(path)), name="no finding")
    return suite


def _case(suite: ET.Element, one: Told, *, failed: bool) -> None:
    path, rule = _xml(one.place.path), one.finding.rule
    case = ET.SubElement(suite, "testcase", classname=path, name=f"{rule} at line {one.region.line}")
    case.set("file", path)
    case.set("line", str(one.region.line))
    if failed:
        message = {"type": rule, "message": _xml(one.message)}
        ET.SubElement(case, "failure", message).text = _xml(f"{path}:{one.region.line}\n{one.text}")
    else:
        _output(case, one.text)


def _output(element: ET.Element, text: str) -> None:
    ET.SubElement(element, "system-out").text = _xml(text)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
