"""Vertical jumps: take-off, landing, height."""
