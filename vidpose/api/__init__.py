"""The Python interface: what ``import vidpose`` offers. One file per task of the user."""
