"""Videos in and out: find, name, probe, decode, draw on and encode; all through PyAV."""
