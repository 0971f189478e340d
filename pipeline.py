"""Process a folder of sports videos: the same as ``vidpose run``."""

from vidpose.cli import run_pipeline

if __name__ == "__main__":
    run_pipeline()
