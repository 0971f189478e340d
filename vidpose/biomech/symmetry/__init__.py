"""How far the two sides of the body differ, where both can be seen."""
