"""The Python interface: what ``import vidpose`` offers. One file per thing that a user wants to do."""
