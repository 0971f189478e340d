"""What the pictures say, frame by frame, before anybody is looked for: cuts, changes, the camera's motion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from vidpose.types.transition import Cut
from vidpose.video.camera_motion import Box, CameraFollower
from vidpose.video.cut_finder import CutFinder
from vidpose.video.decode import Frame
from vidpose.video.small_picture import SmallPicture


@dataclass(frozen=True, slots=True)
class PictureNotes:
    """What was seen in one frame.

    Attributes
    ----------
    cut
        The change of shots that ends in this frame, if any.
    change
        How much the picture changed since the frame before, levels of 255; None when unknown.
    camera
        How pixels of this frame lie in the latest frame that was measured, see
        :class:`~vidpose.video.camera_motion.CameraFollower`; empty when unknown, None when it was not measured.
    """

    cut: Cut | None = None
    change: float | None = None
    camera: Sequence[float] | None = None


@dataclass(slots=True)
class PictureWatch:
    """Looks at the frames of a video in order; what it says depends on them and on where people were seen."""

    cuts: CutFinder = field(default_factory=CutFinder)
    camera: CameraFollower = field(default_factory=CameraFollower)

    def look(self, frame: Frame) -> PictureNotes:
        """Return what is seen in the next frame; nothing in a damaged one, which differs without a cut or motion."""
        if frame.corrupt:
            return PictureNotes()
        small = SmallPicture.of(frame.picture)
        cut, change = self.cuts.look(small, frame.pts, frame.time_s), self.cuts.luma_change
        if cut is not None:
            self.camera.start()
        motion = self.camera.look(small, frame.picture, frame.time_s)
        known = motion is None or math.isfinite(motion[0])
        return PictureNotes(cut, round(change, 2) if math.isfinite(change) else None, motion if known else ())

    def people_at(self, boxes: Sequence[Box]) -> None:
        """Remember where people are, (left, top, right, bottom), pixels: what moves there is not the camera."""
        self.camera.people = list(boxes)

    def export_state(self) -> dict[str, Any]:
        """Return everything that later frames depend on: plain JSON values."""
        return {"cuts": self.cuts.export_state(), "camera": self.camera.export_state()}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return the watch that was exported."""
        return cls(CutFinder.restored(state["cuts"]), CameraFollower.restored(state["camera"]))
