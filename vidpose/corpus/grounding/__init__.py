"""Every number, unit, side and comparison of a text is read back and must agree with a fact."""
