"""Walking and running: foot strikes, toe-offs and what is counted from them."""
