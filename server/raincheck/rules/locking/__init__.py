"""Waits that others feel."""
