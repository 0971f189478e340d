"""vidpose: a folder of sports videos in; numbers, pictures and a coaching corpus out."""

__version__ = "0.1.0"
