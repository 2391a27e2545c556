"""The performance table: every indicator against its targets, period by period."""
