"""The reading side: who stands where, as far as the reader may see."""

from monitoring.views.health import healthz

__all__ = ["healthz"]
