"""Following several people: when and where to search a picture for them, and reading everybody's landmarks."""
