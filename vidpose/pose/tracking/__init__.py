"""Following several people: when and where to search a picture for them, and estimating the landmarks of all people."""
