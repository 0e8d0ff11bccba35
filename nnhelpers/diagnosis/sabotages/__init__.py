"""Networks with a known disease: their recipes, what is done to them, and how they learn."""
