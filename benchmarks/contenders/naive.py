"""The plain alternative: OpenCV reads, MediaPipe's own graph estimates, and, when asked, draws and writes mp4v."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

N_WARM = 30
"""Frames before the timed part: enough for the decoder, the tracker and the networks to reach steady state."""


def naive(clips: list[Path], gate: Callable[[], None], *, draw: bool) -> dict[str, Any]:
    """Go through the clips one after the other, as everybody's first script does; the first frames are not timed."""
    import cv2
    from mediapipe.python.solutions import drawing_utils, pose

    n_frames = 0
    with tempfile.TemporaryDirectory() as folder, pose.Pose(model_complexity=1, smooth_landmarks=False) as model:
        for number, clip in enumerate(clips):
            video = cv2.VideoCapture(str(clip))
            size = int(video.get(cv2.CAP_PROP_FRAME_WIDTH)), int(video.get(cv2.CAP_PROP_FRAME_HEIGHT))
            code = cv2.VideoWriter.fourcc(*"mp4v")
            writer = (
                cv2.VideoWriter(f"{folder}/{number}.mp4", code, video.get(cv2.CAP_PROP_FPS), size) if draw else None
            )
            for frame in _frames(video):
                found = model.process(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)).pose_landmarks
                if writer is not None:
                    if found is not None:
                        drawing_utils.draw_landmarks(frame, found, pose.POSE_CONNECTIONS)
                    writer.write(frame)
                n_frames += 1
                if n_frames == N_WARM:
                    gate()
            video.release()
            if writer is not None:
                writer.release()
    return {"n_frames": n_frames - N_WARM}


def _frames(video: Any) -> Iterator[Any]:
    while True:
        good, frame = video.read()
        if not good:
            return
        yield frame
