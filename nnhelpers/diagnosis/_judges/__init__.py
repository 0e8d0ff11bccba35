"""What measurements mean: each judge turns records of numbers into a finding, without Keras."""
