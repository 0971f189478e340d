"""How smoothly and repeatably a person moves, cycle by cycle."""
