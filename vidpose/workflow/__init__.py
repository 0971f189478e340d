"""The story of a run: plan, pose, analyse, render, report."""
