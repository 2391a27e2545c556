"""What a demo shows: the published portfolio and illustrative programs, all entered through the actions."""
