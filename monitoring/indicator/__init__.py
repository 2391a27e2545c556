"""How one indicator has gone."""
