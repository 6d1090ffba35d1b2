"""What a rule is. The engine knows this, and not which rules there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raincheck.catalog.refusals import Refusal
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.finding import Finding, Fix, Severity
    from raincheck.engine.step import Step
    from raincheck.engine.timeline import Timeline
    from raincheck.project.project import Migration, Project
    from raincheck.sql.actions import Action
    from raincheck.sql.kinds import Kind


Telling = Literal["first", "together", "apart"]
"""How a rule speaks where others have found something in the same action: before them, for its danger is a certain
failure (what is less than a danger is told apart); with them, so that only the strongest is heard; on its own, for it does not speak about the action."""


class Rule:
    """The base of all rules. A rule keeps no state; its docstring's first line is its summary."""

    name: ClassVar[str]
    severity: ClassVar[Severity]
    on: ClassVar[bool] = True
    """Whether it speaks without being switched on in the settings."""
    telling: ClassVar[Telling] = "together"
    grows: ClassVar[bool] = False
    """Whether it warns of a wait or of work that lasts the longer the larger the table is, and of nothing worse: then
    the table's size moves its severity (engine/sizing.py)."""

    def fixes(self, analysis: Analysis, finding: Finding) -> Iterable[Fix]:  # noqa: ARG002
        """The fixes for one of its own findings; built only when somebody asks."""
        return ()


class StatementRule(Rule, ABC):
    """Speaks about single actions of pending migrations."""

    kinds: ClassVar[frozenset[Kind]]
    """The actions it wants to see; empty for all, those of statements without any action included."""

    @abstractmethod
    def check(self, step: Step, action: Action) -> Iterable[Finding]:
        """What it finds in one action of a step; places count from the statement's start."""

    def looks_back(self, action: Action) -> bool:  # noqa: ARG002
        """Whether it reads earlier statements of the file for an action, beside the state that they have left."""
        return False


class RefusalRule(Rule, ABC):
    """Speaks about the first statement of a pending migration that PostgreSQL refuses, where it does so for its reason.

    Its name is the refusal's `what`.
    """

    telling: ClassVar[Telling] = "first"

    @abstractmethod
    def check(self, step: Step, action: Action, refusal: Refusal) -> Iterable[Finding]:
        """What to say of a refused action; places count from the statement's start."""


class MigrationRule(Rule, ABC):
    """Speaks about a migration as a whole, applied or pending: its text, its place in the history."""

    @abstractmethod
    def check(self, project: Project, migration: Migration) -> Iterable[Finding]:
        """What it finds in one migration; places count from the file's start."""


class RunRule(Rule, ABC):
    """Speaks about the pending run as a whole: its texts beside the schema that they lead to."""

    @abstractmethod
    def check(self, project: Project, timeline: Timeline) -> Iterable[Finding]:
        """What it finds; places count from the start of the file whose path a finding names."""
