"""Single units and layers: what they are active on, how they start, how weights descend."""
