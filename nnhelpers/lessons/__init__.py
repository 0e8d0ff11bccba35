"""What a lesson is made of beside its networks: bets, and an article's claims."""
