"""What may be stated: measured values, what follows from them, and ranges that the configuration gives."""
