"""Files that a person would call a video and that are not processed, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEFT_OUT_REASONS: Final[dict[str, str]] = {
    "numbered_pictures": "Numbered pictures. Frames can be joined to a video: ffmpeg -i %04d.png out.mp4",
    "raw_camera_format": "The decoder does not know this camera's raw format. Export MP4 with the maker's program.",
    "unfinished_download": "A download or copy that is not finished. Finish it: then it has the name of a video.",
    "playlist": "A list of addresses or of parts, not the video. Put the video itself into the folder.",
    "disc_image": "A disc image. Open it, and copy the VOB or M2TS files that it holds into the folder.",
    "edit_project": "The project of an editing program, not the video. Export the video as MP4.",
    "camera_copy": "The camera's small copy of the video beside it, which is processed.",
    "apple_companion": "What macOS writes beside a file; the video is the one without '._' in its name.",
    "hidden": "Its name begins with a dot, so it is hidden. Rename it if it is to be processed.",
    "second_link": "A link to a file that is processed under another name.",
    "other_results": "The folder holds results of another run, which are not analysed again.",
}
"""Why a file is left out, and what helps."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One file, folder or series of pictures that is left out.

    Attributes
    ----------
    name
        Path below the input folder; a series has the place of its number as ``%04d``.
    code
        Key of :data:`LEFT_OUT_REASONS`.
    """

    name: str
    code: str

    def __post_init__(self) -> None:
        if self.code not in LEFT_OUT_REASONS:
            raise ValueError(f"code: expected one of {', '.join(LEFT_OUT_REASONS)}, got {self.code!r}")

    @property
    def reason(self) -> str:
        """Why it is left out, and what helps."""
        return LEFT_OUT_REASONS[self.code]

    def as_dict(self) -> dict[str, str]:
        """Return plain JSON values."""
        return {"name": self.name, "code": self.code, "reason": self.reason}
