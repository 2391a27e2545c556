"""A program at a glance."""
