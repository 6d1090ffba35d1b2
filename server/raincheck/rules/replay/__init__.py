"""What the replayed history shows: statements that PostgreSQL refuses, and SQL that does not do what its snapshot says."""
