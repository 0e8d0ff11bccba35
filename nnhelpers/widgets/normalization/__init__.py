"""The live panels of notebook 1."""
