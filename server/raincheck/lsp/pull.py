"""The answer to a client that pulls: a report in full, or that it is the one the client has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.lsp.workspace import Report


def pulled(report: Report | None, previous: str | None) -> dict[str, object]:
    """`previous` is the id of the report that the client has; None stands for a file without diagnostics."""
    number = str(report.number if report else 0)
    if number == previous:
        return {"kind": "unchanged", "resultId": number}
    return {"kind": "full", "resultId": number, "items": report.ready if report else []}
