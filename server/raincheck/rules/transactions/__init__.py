"""Drizzle's one transaction."""
