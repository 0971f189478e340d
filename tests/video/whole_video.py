"""Drawing a whole video in one process: all parts one after the other, then joined."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from vidpose.errors import OutputError
from vidpose.planning.parts import Part
from vidpose.types.video import VideoSource
from vidpose.video.encode import ENCODERS, RenderSettings, require_encoder
from vidpose.video.mux import RenderReport, join_parts
from vidpose.video.render_part import Draw, PartJob, render_part

_READ_AHEAD = 4
_WHOLE = (Part(number=0, start=0, stop=0, start_pts=None, stop_pts=None),)


def annotate(
    source: VideoSource,
    final: Path,
    draw: Draw,
    settings: RenderSettings | None = None,
    on_progress: Callable[[int], None] | None = None,
    parts: Sequence[Part] = _WHOLE,
) -> RenderReport:
    """Decode a video, draw on every frame, and write it as MP4 with the sound of the source.

    Parameters
    ----------
    source
        The video, as probed.
    final
        The file to write. It is written in place: give a temporary path and move it when this returns. The parts lie in
        a temporary folder beside it.
    draw
        Called once for each frame, in order.
    settings
        Encoding; None for the defaults.
    on_progress
        Told the number of frames done after each.
    parts
        How the video is cut; in one piece when not given.

    Raises
    ------
    OutputError
        When the encoder is missing or the file cannot be written.
    DecodeError
        When the source cannot be opened or holds no frame that decodes.
    """
    settings = settings or RenderSettings()
    require_encoder(ENCODERS[settings.codec])
    done = 0

    def step(n_frames: int) -> None:
        if on_progress is not None:
            on_progress(done + n_frames)

    try:
        with tempfile.TemporaryDirectory(dir=final.parent, prefix=".parts.") as folder:
            paths = [Path(folder) / f"{part.number:05d}.part" for part in parts]
            for part, path in zip(parts, paths, strict=True):
                report = render_part(PartJob(source, part, settings, _READ_AHEAD), path, draw, step)
                done += report.n_frames
            return join_parts(source, paths, final, settings)
    except OSError as error:
        message = (
            f"{source.path.name}: the annotated video cannot be written to {final.parent} ({error.strerror}); "
            "check free space and permissions"
        )
        raise OutputError(message, video=str(source.path), output=str(final)) from error
