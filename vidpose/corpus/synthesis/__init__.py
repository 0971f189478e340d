"""Texts written by a model behind an API: asked for without measurements, filled in and checked here, paid for once."""
