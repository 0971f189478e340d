"""What a coaching text can be about: one file per kind of task, each with the facts that it needs."""
