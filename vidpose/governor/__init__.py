"""Keeps the memory of all processes of a run below a limit: read, decide, report."""
