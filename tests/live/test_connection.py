"""Connections to real servers: what is read, what cannot be written, and what is said when it fails."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

import psycopg
import pytest

from raincheck.live.address import read_address
from raincheck.live.connection import connect, read_only, version_of
from raincheck.live.errors import LiveError

SOME_POSTGRES = (15,)

SECRET = "s3cret-Pa55"


def refusal(url: str, **options) -> str:
    """What is said of a connection that cannot be had; never the password."""
    with pytest.raises(LiveError) as caught, connect(url, timeout=2, **options):
        pass
    told = str(caught.value)
    assert SECRET not in told
    assert "\n" not in told
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return told


@contextmanager
def listening(answer: bytes | None):
    """A port of the loopback that answers with this and hangs up; that stays silent for None."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            server.settimeout(10)
            with server.accept()[0] as client:
                client.recv(1024)
                if answer is None:
                    done.wait()
                else:
                    client.sendall(answer)

        done = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            done.set()
            thread.join(10)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"mysql://u:{SECRET}@h/db", "begins with neither postgres:// nor postgresql://"),
        (f"postgres://u:{SECRET}%zz@h/db", "write %25 for a percent sign"),
        (f"postgres://u:{SECRET}@[::1/db", "brackets around an IPv6 address"),
        (f"postgres://u:{SECRET}@h/db?{SECRET}=1", "a query parameter that libpq does not know"),
        (f"host=h password='{SECRET}", "quote is not closed"),
        (f"host=h passwort={SECRET}", "an option that libpq does not know"),
        ("", "is empty"),
    ],
)
def test_a_malformed_address_is_told_without_quoting_it(url, told):
    assert told in refusal(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://u@db.example.com/shop", 'the database "shop" on db.example.com:5432'),
        (
            "postgres://u:p@h:6543/shop?schema=public&pgbouncer=true&sslmode=require",
            'the database "shop" on h:6543',
        ),
        ("host=/run/pg dbname=shop", 'the database "shop" behind the local socket in /run/pg'),
        ("postgres://u@/shop", 'the database "shop" behind the local socket'),
        ("postgres://h", "the user's database on h:5432"),
        ("postgres://me@h", 'the database "me" on h:5432'),
    ],
)
def test_an_address_is_told_by_database_host_and_port(url, told):
    assert str(read_address(url)) == told


def test_parameters_of_other_drivers_are_let_be():
    assert read_address("postgres://u@h/d?schema=public&sslmode=no-verify&max=1").parameters == {
        "user": "u",
        "host": "h",
        "dbname": "d",
        "sslmode": "require",
    }


def test_an_address_shows_no_secret():
    assert SECRET not in repr(read_address(f"postgres://u:{SECRET}@h/db"))


def test_nothing_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    told = refusal(f"postgres://u:{SECRET}@127.0.0.1:{port}/db")
    assert told == f'Cannot connect, nothing listens there: the database "db" on 127.0.0.1:{port}.'


def test_an_unknown_host():
    assert "the host's name is not known" in refusal(f"postgres://u:{SECRET}@nowhere.invalid/db")


def test_no_socket(tmp_path):
    assert "no server listens on that socket" in refusal(f"postgres://u:{SECRET}@/db?host={tmp_path}")


def test_a_server_that_does_not_answer():
    with listening(None) as port:
        assert "did not answer in time" in refusal(f"postgres://u:{SECRET}@127.0.0.1:{port}/db")


def test_something_that_is_no_postgresql():
    with listening(b"") as port:
        told = refusal(f"postgres://u:{SECRET}@127.0.0.1:{port}/db?sslmode=disable")
        assert "may be no PostgreSQL" in told


def test_no_tls():
    with listening(b"N") as port:
        told = refusal(f"postgres://u:{SECRET}@127.0.0.1:{port}/db?sslmode=require")
        assert "TLS was asked for, and the server does not speak it" in told


def test_no_such_database_and_no_such_user(postgres):
    assert "no such database" in refusal(postgres.dsn("nowhere"))
    assert "does not know the user" in refusal(postgres.dsn().replace("postgres@", "stranger@"))


def test_the_environment_counts_only_where_that_is_said(postgres, database, monkeypatch, tmp_path):
    monkeypatch.setenv("PGHOST", str(postgres.folder))
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setenv("PGDATABASE", read_address(database).dbname)
    with connect("env") as connection:
        assert connection.info.host == str(postgres.folder)
    monkeypatch.setenv("PGSERVICE", "nowhere")
    with connect(database) as connection:
        assert connection.info.host == str(postgres.folder)
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with connect(database) as connection:
        assert connection.info.host == str(postgres.folder)


def test_the_version(postgres, database):
    with connect(database) as connection:
        version = version_of(connection)
    assert (version.major, version.target, version.note) == (postgres.major, postgres.major, "")
    assert version.text.startswith(f"{postgres.major}.")


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE t (id int)", "INSERT INTO seen VALUES (1)", "SELECT nextval('counted')"],
)
def test_nothing_can_be_written(connection, statement):
    connection.execute("CREATE TABLE seen (id int); CREATE SEQUENCE counted")
    with pytest.raises(LiveError, match="only reads"), read_only(connection.info.dsn) as session:
        session.connection.execute(statement)
    assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)


def test_a_look_sees_one_moment_and_leaves_nothing_set(connection):
    connection.execute("CREATE TABLE seen (id int)")
    with read_only(connection.info.dsn) as session:
        look = session.connection
        assert look.execute("SELECT count(*) FROM seen").fetchone() == (0,)
        connection.execute("INSERT INTO seen VALUES (1)")
        assert look.execute("SELECT count(*) FROM seen").fetchone() == (0,)
        assert look.execute("SHOW application_name").fetchone() == ("raincheck",)
        assert look.execute("SHOW statement_timeout").fetchone() == ("15s",)
        look.rollback()
        look.autocommit, look.read_only, look.isolation_level = True, None, None
        assert look.execute("SHOW statement_timeout").fetchone() == ("0",)
        assert look.execute("SHOW default_transaction_read_only").fetchone() == ("off",)


def test_a_look_gives_up_behind_a_lock(connection):
    connection.execute("CREATE TABLE seen (id int)")
    with connection.transaction():
        connection.execute("LOCK TABLE seen IN ACCESS EXCLUSIVE MODE")
        with (
            pytest.raises(LiveError, match="waited too long for a lock"),
            read_only(connection.info.dsn, lock_timeout=0.05) as session,
        ):
            session.connection.execute("SELECT * FROM seen")


def test_a_look_does_not_take_long(database):
    with (
        pytest.raises(LiveError, match="took longer than the statement timeout"),
        read_only(database, statement_timeout=0.05) as session,
    ):
        session.connection.execute("SELECT pg_sleep(10)")


def test_a_broken_connection_is_told(connection):
    with pytest.raises(LiveError) as caught, read_only(connection.info.dsn) as look:  # noqa: PT012 - either may tell
        connection.execute("SELECT pg_terminate_backend(%s)", [look.connection.info.backend_pid])
        look.connection.execute("SELECT 1")
    assert str(caught.value).startswith(("The server closed the connection", "The connection failed"))


def test_an_error_of_ours_passes_unchanged(database):
    with pytest.raises(psycopg.errors.UndefinedTable), psycopg.connect(database) as connection:
        connection.execute("SELECT * FROM nowhere")
    with pytest.raises(ZeroDivisionError), read_only(database):
        1 / 0  # noqa: B018
