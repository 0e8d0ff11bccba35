"""The live panels of notebook 5."""
