"""What cannot be told, or was told wrongly: configurations, settings, sizes, a rule's own mistake."""

from __future__ import annotations

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule


class PendingUnknown(Rule):
    """Nobody can tell which migrations are applied, so all are taken as pending."""

    name = "pending-unknown"
    severity = Severity.NOTE


class ConfigUnreadable(Rule):
    """A drizzle.config file that cannot be read without running it."""

    name = "config-unreadable"
    severity = Severity.NOTE


class ConfigNotStatic(Rule):
    """A setting of drizzle.config that cannot be read without running the file."""

    name = "config-not-static"
    severity = Severity.NOTE


class NoMigrations(Rule):
    """A configuration names a folder without migrations."""

    name = "no-migrations"
    severity = Severity.NOTE


class OtherDatabase(Rule):
    """Migrations for another database than PostgreSQL, which are left out."""

    name = "other-database"
    severity = Severity.NOTE


class SearchCutShort(Rule):
    """The search for projects ended before every folder was seen."""

    name = "search-cut-short"
    severity = Severity.NOTE


class SettingsInvalid(Rule):
    """Something in raincheck.toml, or in the files beside it, that Raincheck does not understand."""

    name = "settings-invalid"
    severity = Severity.RISK


class SizesOutdated(Rule):
    """The sizes in raincheck.stats.json were taken long ago."""

    name = "sizes-outdated"
    severity = Severity.NOTE


class InternalError(Rule):
    """A rule of Raincheck's own failed; the others went on."""

    name = "internal-error"
    severity = Severity.NOTE
