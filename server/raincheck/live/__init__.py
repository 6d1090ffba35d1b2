"""What is asked of a real PostgreSQL: connections, a scratch server, what a statement locks there.

The only package that imports psycopg, and the only one below the session that opens anything.
"""
