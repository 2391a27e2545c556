"""The map of Peru, shaded by what its sites report."""
