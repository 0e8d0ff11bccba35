"""The live panels of notebook 4."""
