"""Who is who: from frame to frame, after people hid each other, and from one chain of a video to the next."""
