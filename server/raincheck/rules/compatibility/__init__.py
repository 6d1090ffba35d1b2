"""Code that still runs while the migration is applied."""
