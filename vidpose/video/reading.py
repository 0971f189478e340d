"""Which picture of a file is read, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """What is read of each video.

    Attributes
    ----------
    video_stream
        Number of the video stream, counted from 0 among those with a moving picture; None for the largest picture.
        A file without it is read as if none was given, with a finding if it has several.
    split_fields
        Whether each frame of an interlaced video becomes two, one for each field, at twice the rate.
    """

    video_stream: int | None = None
    split_fields: bool = False

    def __post_init__(self) -> None:
        if self.video_stream is not None and self.video_stream < 0:
            raise ValueError(f"video_stream: expected 0 or more, got {self.video_stream}")
