"""What Drizzle itself never checks."""
