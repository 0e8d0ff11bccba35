"""Single units and layers: when they are active, how they start, how weights descend."""
