"""The live panels of notebook 3."""
