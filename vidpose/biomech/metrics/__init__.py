"""Metrics as data: what each one means, what it needs, and how it is absent."""
