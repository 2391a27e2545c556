"""`manage.py demo`: a filled site on this machine, in one command."""

from __future__ import annotations

import io
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import Error, connection
from django.utils import timezone

from monitoring.demo.loading import load_demo, one_at_a_time
from monitoring.demo.people import PASSWORD, Account

HOST = "127.0.0.1"
PORT = "8000"
HIGHEST_PORT = 65_535


class Command(BaseCommand):
    help = "Starts the database, loads the demo once and serves it on this machine."
    requires_system_checks = []  # those of the models need a database, which is started here

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="only load, don't serve")
        parser.add_argument(
            "--force", action="store_true", help="make the demo accounts on a site that is not local"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything in turn, saying what is being done while it is done."""
        if not settings.LOCAL and not options["force"]:
            raise CommandError(
                "This is not a local installation: the demo accounts have a password that everybody knows. "
                "Set RENDIR_LOCAL=1, or say --force if you mean it."
            )
        port = free_port() if not options["no_serve"] else 0
        self._start_database()
        with one_at_a_time():
            self._say("Bringing the tables up to date …")
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
            accounts = load_demo(today=timezone.localdate(), say=self._say, force=options["force"])
        if settings.STATIC_ROOT:
            self._say("Collecting static files …")
            call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
        self._introduce(accounts, port)
        if port:
            self._serve(port)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _start_database(self) -> None:
        self._say(f"Starting the database ({_where()}) …")
        try:
            connection.ensure_connection()
        except Error as error:
            raise CommandError(f"The database does not answer: {error}") from error

    def _introduce(self, accounts: tuple[Account, ...], port: int) -> None:
        """Where to go and whom to be."""
        self._say("")
        if port:
            self._say(f"Rendir is at http://{HOST}:{port}/  (stop it with Ctrl-C)")
        self._say(f"Sign in with the password {PASSWORD} as")
        for account in accounts:
            self._say(f"  {account.username:<9} {' '.join(account.name)}, {account.can}")
        self._say("")

    def _serve(self, port: int) -> None:
        connection.close()  # the server's threads open their own
        unsaid = io.StringIO()  # what runserver says of itself is said above, for this use of it
        call_command("runserver", f"{HOST}:{port}", use_reloader=False, skip_checks=True, stdout=unsaid)


def free_port() -> int:
    """The port that PORT names, 8000 without it; CommandError if it is none, or taken."""
    text = os.environ.get("PORT") or PORT
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        raise CommandError(f"PORT is {text!r}: give a number from 1 to {HIGHEST_PORT}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise CommandError(
                f"Port {text} is taken or not allowed ({error.strerror}). Choose another: PORT=8001 make demo"
            ) from error
    return int(text)


def _where() -> str:
    if settings.DATABASE_URL:
        named = settings.DATABASES["default"]
        return f"PostgreSQL, {named['NAME']} on {named['HOST'] or 'this machine'}"
    return f"embedded PostgreSQL, files under {settings.DATA_DIR}"
