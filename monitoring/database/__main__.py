"""`python -m monitoring.database start | stop | stop-if-idle`: the embedded server by hand."""

from __future__ import annotations

import os
import sys

from django.conf import settings

from monitoring.database.place import NoPlaceError
from monitoring.database.server import Server, ServerError, here


def main(arguments: list[str]) -> int:
    """Does what is asked; 0 when it is done, 1 when it failed, 2 when it was not understood."""
    try:
        said = _do(arguments, here(settings.DATA_DIR))
    except (NoPlaceError, ServerError) as error:
        said, code = str(error), 1
    else:
        code = 0 if said is not None else 2
    sys.stderr.write(f"{said or __doc__}\n")
    return code


def _do(arguments: list[str], server: Server) -> str | None:
    match arguments:
        case ["start"]:
            return f"PostgreSQL answers in {server.host()}"
        case ["stop"]:
            return "PostgreSQL is stopped." if server.stop() else "PostgreSQL was not running."
        case ["stop-if-idle"]:
            return "PostgreSQL is stopped." if server.stop_if_idle() else "PostgreSQL is left as it is."
    return None


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")
    sys.exit(main(sys.argv[1:]))
