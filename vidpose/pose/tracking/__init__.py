"""Following several people: who is where, who is hidden, and who is who after they met."""
