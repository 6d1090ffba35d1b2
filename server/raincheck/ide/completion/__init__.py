"""What can be typed at a place of a migration: from its tokens, the schema before the statement, and the findings.

A half-typed statement has no tree, so nothing here asks for one.
"""
