"""What no rollback brings back."""
