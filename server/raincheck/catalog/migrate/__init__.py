"""What turns one schema into another, as the statements that do it: for rollbacks, and to mend what differs.

`whole` has the order of things; its neighbours have tables, their columns, their constraints, and types.
"""

from raincheck.catalog.migrate.whole import Migration, migrate

__all__ = ["Migration", "migrate"]
