"""Everything that a site keeps, in one file that is checked by hash: its database and its evidence files."""
