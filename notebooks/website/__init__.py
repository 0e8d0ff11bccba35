"""What `notebooks/make_site.py` is made of."""
