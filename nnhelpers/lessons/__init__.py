"""What a lesson is made of beside its networks: bets, exercises, claims, results."""
