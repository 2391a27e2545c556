"""The administration of the mandate and of people; `indicators.admin` adds what rests on indicators."""

from programs.admin import people, portfolio

__all__ = ["people", "portfolio"]
