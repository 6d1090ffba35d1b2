"""Work as long as the table."""
