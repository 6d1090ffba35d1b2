"""What is found while texts and files are read. These rules have a name, a severity and a page, and check nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.rules.reading import accepted, settings, texts

if TYPE_CHECKING:
    from raincheck.engine.rule import Rule

RULES: tuple[Rule, ...] = (
    texts.SyntaxError_(),
    texts.ByteOrderMark(),
    texts.NotUtf8(),
    texts.PsqlOnlyCommand(),
    texts.BreakpointSplitsLiteral(),
    texts.PulledBaselineCommented(),
    texts.StatementTooComplex(),
    settings.PendingUnknown(),
    settings.ConfigUnreadable(),
    settings.ConfigNotStatic(),
    settings.NoMigrations(),
    settings.OtherDatabase(),
    settings.SearchCutShort(),
    settings.SettingsInvalid(),
    accepted.AllowanceUnused(),
    accepted.AllowanceWithoutReason(),
    accepted.AllowanceExpired(),
    accepted.BaselineOutdated(),
    settings.SizesOutdated(),
    settings.InternalError(),
)
