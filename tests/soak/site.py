"""A site for the soak: a web server process and an embedded PostgreSQL, both there to be killed."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from monitoring.database.server import Server, here

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a server that was started has to answer


class Site:
    """Rendir as `make demo` serves it, on a database in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.log = folder / "web.log"
        self.database: Server = here(folder)
        self._web: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        """Starts the web server and waits until it and the database answer."""
        command = [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", self.origin[7:]]
        with self.log.open("ab") as log:
            self._web = _started(command, log)
        give_up_at = time.monotonic() + PATIENCE
        while not self._answers():
            if self._web.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"The web server does not start:\n{self.said()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.origin}/healthz", timeout=PATIENCE) as said:  # noqa: S310 - http, by `origin`
                return bool(said.status)
        except (URLError, OSError):
            return False

    def kill_web(self) -> None:
        """Ends the web server as a loss of power would."""
        if self._web is not None:
            self._web.kill()
            self._web.wait()

    def kill_database(self) -> None:
        """The same for every process of PostgreSQL."""
        process = self.database._process()
        if process is None:
            return
        family = [process, *process.children(recursive=True)]
        for one in family:
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(family, timeout=10)

    def start_database(self) -> None:
        """Starts PostgreSQL where the web server has not done it yet."""
        self.database.forget()
        self.database.host()

    def stop(self) -> None:
        """Leaves no process behind."""
        self.kill_web()
        self.database.stop()

    def said(self) -> str:
        """The last of what the web server said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])


def _free_port() -> int:
    """One that nobody is given by chance while the server is down, as those above are to whoever connects."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No port is free.")


def _started(command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
