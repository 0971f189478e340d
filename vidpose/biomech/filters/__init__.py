"""Ways of smoothing a run of samples, the choice between them, cut-offs from the data, and slow motion."""
