"""Where the project, the shared real videos and the sample are."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared" / "data"
SAMPLE = PROJECT / "public" / "mannequin_squat_raise.mp4"
