"""The live panels: one function `explore_X` for each."""
