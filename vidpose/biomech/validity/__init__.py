"""Which numbers can be trusted, and how far."""
