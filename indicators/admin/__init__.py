"""The administration of measurement, calendar and ledger, and what these add to that of the mandate."""

from indicators.admin import ledger, measurement, objectives, periods, portfolio

__all__ = ["ledger", "measurement", "objectives", "periods", "portfolio"]
