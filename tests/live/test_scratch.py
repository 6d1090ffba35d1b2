"""The server of our own: found, started, reachable by nobody else, and gone at the end whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from raincheck.live.binaries import Binaries, binaries_in, find_binaries
from raincheck.live.connection import connect, version_of
from raincheck.live.errors import LiveError
from raincheck.live.scratch import scratch_server
from support.postgres_binaries import fetch, majors

SOME_POSTGRES = (15,)

MAJOR = majors()[0]
WAITS = """
import signal, sys
from pathlib import Path
from raincheck.live.binaries import binaries_in
from raincheck.live.scratch import scratch_server
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
with scratch_server(binaries_in(Path(sys.argv[1]))) as server:
    print(server.folder, flush=True)
    sys.stdin.read()
"""


def alive(process: int) -> bool:
    """Whether a process runs: one that is only waited for does not."""
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], check=False, capture_output=True, text=True
    )
    return done.stdout.strip()[:1] not in {"", "Z"}


@pytest.fixture
def binaries() -> Binaries:
    return binaries_in(fetch(MAJOR))


def test_the_programs_tell_their_version(binaries):
    assert binaries.major == MAJOR
    assert binaries.version.startswith(f"{MAJOR}.")


def test_the_folder_above_the_programs_will_do(binaries):
    assert find_binaries(12, fetch(MAJOR).parent) == find_binaries(12, fetch(MAJOR)) == binaries


def test_a_folder_without_them_is_told(tmp_path):
    with pytest.raises(LiveError, match="no initdb and pg_ctl in"):
        find_binaries(15, tmp_path)
    (tmp_path / "initdb").write_text("#!/bin/sh\necho what")
    (tmp_path / "pg_ctl").write_text("")
    for name in ("initdb", "pg_ctl"):
        (tmp_path / name).chmod(0o755)
    assert binaries_in(tmp_path) is None


def test_the_version_asked_for_is_preferred_and_the_nearest_taken(monkeypatch):
    monkeypatch.setattr("raincheck.live.binaries.USUAL_PLACES", ())
    monkeypatch.setenv("PATH", os.pathsep.join(str(fetch(major)) for major in majors()))
    for major in majors():
        assert find_binaries(major).major == major
    assert find_binaries(11).major == min(majors())
    assert find_binaries(99).major == max(majors())


def test_none_is_found(monkeypatch):
    monkeypatch.setattr("raincheck.live.binaries.USUAL_PLACES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(LiveError, match="--postgres-bin"):
        find_binaries(15)


def test_it_serves_on_a_socket_in_a_folder_of_its_own_and_is_gone(binaries):
    with scratch_server(binaries, {"work_mem": "1234kB"}) as server:
        assert server.folder.stat().st_mode & 0o077 == 0
        with connect(server.url()) as connection:
            assert version_of(connection).major == MAJOR
            assert connection.execute("SHOW work_mem").fetchone() == ("1234kB",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert not server.folder.exists()
    with pytest.raises(LiveError):
        connect(server.url())


def test_on_the_loopback_it_wants_its_password(binaries):
    with scratch_server(binaries, loopback=True) as server:
        with connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        stranger = server.url().replace(server.password, "guessed-it")
        with pytest.raises(LiveError, match="refused the user or the password") as caught:
            connect(stranger)
        assert "guessed-it" not in str(caught.value)
        with pytest.raises(LiveError, match="wants a password"):
            connect(server.url().replace(f":{server.password}", ""))
        assert server.password not in repr(server)
        with pytest.raises(LiveError, match="does not speak it"):
            connect(f"{server.url()}?sslmode=require")
    assert not server.folder.exists()


def test_a_server_that_does_not_start_is_told_and_leaves_nothing(binaries, monkeypatch):
    made, make = [], tempfile.mkdtemp
    monkeypatch.setattr("tempfile.mkdtemp", lambda **where: made.append(make(**where)) or made[-1])
    with (
        pytest.raises(LiveError, match=r'did not start: pg_ctl: [^;]*parameter "nonsense"'),
        scratch_server(binaries, {"nonsense": "1"}),
    ):
        pass
    (folder,) = made
    assert not Path(folder).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_is_gone_when_we_are_told_to_stop(binaries, number):
    command = [sys.executable, "-c", WAITS, str(binaries.folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        folder = Path(process.stdout.readline().strip())
        postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        assert alive(postmaster)
        process.send_signal(number)
        process.wait(20)
    assert not folder.exists()
    assert not alive(postmaster)


def test_an_error_within_leaves_nothing(binaries):
    with pytest.raises(ZeroDivisionError), scratch_server(binaries) as server:  # noqa: PT012 - its folder is looked at
        connection = connect(server.url())
        1 / 0  # noqa: B018
    assert not server.folder.exists()
    connection.close()
