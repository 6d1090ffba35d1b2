"""Keys of partitioned tables."""

from __future__ import annotations

from raincheck.rules.replay.refused import Refused


class PartitionKeyNotInKey(Refused):
    """A key of a partitioned table leaves out a column that it is partitioned by."""

    name = "partition-key-not-in-key"
    why = "Each partition has an index of its own, so nothing could see a duplicate in another one."
    cure = (
        "Add the columns of PARTITION BY to the key: in the schema file, `primaryKey({ columns: [t.id, t.createdAt] })` "
        "instead of `.primaryKey()` on the column. A key cannot be had where PARTITION BY holds an expression. "
        "`raincheck explain partitioned-tables` has more."
    )
