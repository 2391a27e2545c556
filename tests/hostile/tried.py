"""How much was tried, told at the end of a run."""

from __future__ import annotations

from collections import Counter

TRIED: Counter[str] = Counter()


def lines() -> list[str]:
    """One line for each kind of thing that was tried."""
    return [f"hostile: {count:,} {what}" for what, count in sorted(TRIED.items())]
