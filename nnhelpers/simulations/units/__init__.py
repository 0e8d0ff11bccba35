"""Single units and layers without training: what they are active on, and how they start."""
