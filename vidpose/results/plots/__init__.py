"""Plots beside the tables: where people were, the trajectories of their limbs, and angles over time."""
