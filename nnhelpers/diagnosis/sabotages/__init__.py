"""Networks with a known disease: their recipes, their diseases, and how they learn."""
