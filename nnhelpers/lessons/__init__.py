"""What lessons consist of besides networks: bets, exercises, claims and results."""
