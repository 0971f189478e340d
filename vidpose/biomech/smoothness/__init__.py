"""How smoothly and how repeatably somebody moves, cycle by cycle."""
