"""`make soak`: real processes are killed while people write; what was answered as kept has to be there."""
