"""Lengths in the picture: metres per pixel, the floor, and when neither can be trusted."""
