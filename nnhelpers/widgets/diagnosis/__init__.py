"""The live panel of notebook 6."""
