"""Where one figure comes from: how it was made, and the entries that it rests on."""
