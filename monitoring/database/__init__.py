"""PostgreSQL without an installation: this Django backend starts its own at the first connection."""
