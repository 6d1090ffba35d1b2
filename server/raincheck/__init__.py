"""Raincheck: which locks your Drizzle migrations take, what they block, and how to run them safely."""

__version__ = "0.1.0"
