"""PgBouncer before the server; it is no package of Python's or Node's, so whoever runs this test has installed it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest

PGBOUNCER = shutil.which("pgbouncer", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))

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
def pooled(postgres) -> str:
    """The address of a pooler with one connection to the server, which every session gets in turn."""
    assert PGBOUNCER, "install PgBouncer (Debian's package pgbouncer), as .ci/run does"
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
