"""The live panels of notebook 2."""
