"""The portfolio: where every program stands."""
