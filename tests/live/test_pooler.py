"""A read-only look through PgBouncer in transaction mode; it is no package of Python's or Node's, so only where it is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import psycopg
import pytest

from raincheck.live.connection import connect, read_only
from raincheck.live.errors import LiveError

PGBOUNCER = shutil.which("pgbouncer", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed")

CONFIGURATION = """
[databases]
* = host={socket} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
"""


@pytest.fixture
def pooled(postgres, tmp_path) -> str:
    """The address of a pooler with one connection to the server, which every session gets in turn."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    settings = postgres.folder / "pgbouncer.ini"
    settings.write_text(CONFIGURATION.format(socket=postgres.folder, port=port))
    user = {"user": "nobody"} if os.getuid() == 0 else {}
    with subprocess.Popen([PGBOUNCER, str(settings)], stderr=subprocess.PIPE, text=True, **user) as process:
        for line in process.stderr:
            if "process up" in line:
                break
        yield f"postgres://postgres@127.0.0.1:{port}/postgres?pgbouncer=true"
        process.terminate()
        process.communicate()


def test_a_look_is_held_to_reading_and_leaves_the_pooled_connection_as_it_was(pooled):
    with read_only(pooled) as session:
        for number in range(10):  # a driver prepares what it is asked often
            assert session.connection.execute("SELECT %s::int", [number]).fetchone() == (number,)
        assert session.connection.execute("SHOW statement_timeout").fetchone() == ("15s",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            session.connection.execute("CREATE TABLE t ()")
    with connect(pooled) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("0",)
        assert connection.execute("SHOW transaction_read_only").fetchone() == ("off",)


def test_what_the_pooler_refuses_is_told(pooled):
    with pytest.raises(LiveError, match="the pooler refuses a parameter of the URL"):
        connect(f"{pooled}&options=-c%20work_mem%3D1MB")
