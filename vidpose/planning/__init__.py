"""Which stretches a video is cut into, how they are joined again, and by what key work is known."""
