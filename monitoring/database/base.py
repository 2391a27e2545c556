"""Django's PostgreSQL backend, on the embedded server (the name of this module is Django's)."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from monitoring.database.server import Server, here


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that has its server started first; nothing is started by loading the settings."""

    def get_connection_params(self) -> dict[str, Any]:
        """As PostgreSQL's, with the host of the running server."""
        self.settings_dict["HOST"] = self._server.host()
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; a server that was stopped or killed in the meantime is started once more."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            self._server.forget()
            return super().get_new_connection({**conn_params, "host": self._server.host()})

    @property
    def _server(self) -> Server:
        return here(settings.DATA_DIR)
