"""Frozen values that the rooms hand to each other; numpy and the standard library only."""
