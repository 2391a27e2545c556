from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.role import statements

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Command(BaseCommand):
    """Prints the SQL for a role that the application can be served as; changes nothing itself."""

    help = (
        "Prints the SQL that makes a role which owns nothing and can only add to the ledger. Migrate as the "
        "owner, run this SQL as a superuser (after each migration), set the role's password, and serve as "
        "the role."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default="rendir_app", help="the role's name (rendir_app)")

    def handle(self, *, name: str, **options: Any) -> None:
        if not NAME.fullmatch(name) or name.startswith("pg_"):
            raise CommandError(f"{name!r} is no plain name of a role: small letters, digits and underscores.")
        self.stdout.write(f"-- Afterwards, once: \\password {name}\nBEGIN;")
        for statement in statements(name):
            self.stdout.write(f"{statement};")
        self.stdout.write("COMMIT;")
