"""Drawing and encoding one part of a video."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from vidpose.errors import DecodeError
from vidpose.planning.parts import Part
from vidpose.types.picture import BT601, YuvColour
from vidpose.types.video import Segment, VideoSource
from vidpose.video.ahead import computed_ahead
from vidpose.video.canvas import Canvas
from vidpose.video.decode import Frame, VideoReader
from vidpose.video.encode import PictureEncoder, PictureFormat, RenderSettings
from vidpose.video.part_file import PartReport, PartWriter
from vidpose.video.picture_conversion import LUMA_SHARES
from vidpose.video.stamps import DEFAULT_RATE_HZ
from vidpose.video.surface import Surface, picture_size

Draw = Callable[[float, Canvas], None]
"""Draws on a picture, given the frame's time on the source's clock, s, and the planes."""

_BT601_MATRIX: Final = 6
_MATRICES: Final = {shares: matrix for matrix, shares in LUMA_SHARES.items()}


@dataclass(frozen=True, slots=True)
class PartJob:
    """A part of a video to draw on.

    Attributes
    ----------
    source
        The video, as probed.
    part
        The frames, from :func:`~vidpose.planning.parts.plan_parts`.
    settings
        Encoding.
    read_ahead
        Frames that a second thread decodes while others are drawn and encoded; useful when a core is idle. Results do
        not depend on it.
    """

    source: VideoSource
    part: Part
    settings: RenderSettings
    read_ahead: int = 0


def render_part(job: PartJob, path: Path, draw: Draw, on_progress: Callable[[int], None] | None = None) -> PartReport:
    """Decode a part of a video, draw on every frame, encode, and store the packets.

    Equal input gives equal bytes. A picture with an odd side gets one more row or column at the bottom or right, so
    coordinates stay valid.

    Parameters
    ----------
    job
        What to draw on.
    path
        The file to write. It is written in place: give a temporary path and move it when this returns.
    draw
        Called once for each frame, in order.
    on_progress
        Called with the number of frames done after each frame, also after those decoded only to reach the part.

    Raises
    ------
    OutputError
        When the encoder is missing.
    DecodeError
        When the source cannot be opened or holds no frame that decodes.
    """
    picture_format, colour = shared_format(job.source, job.settings)
    encoder = PictureEncoder(picture_format, job.settings)
    surface = Surface(picture_size(job.source, job.settings.height_px), colour)
    step = max(1, round(1 / (picture_format.rate_hz * job.source.time_base)))
    last_pts: int | None = None
    n_drawn = 0

    def report_progress() -> None:
        if on_progress is not None:
            on_progress(n_drawn)

    with (
        path.open("wb") as stream,
        VideoReader(job.source, _segment(job.part), report_progress, tone_map=True) as reader,
        closing(_frames(reader, job.read_ahead)) as frames,  # reading has ended when the file is closed
    ):
        writer = PartWriter(stream, picture_format, encoder.extradata)
        for frame in frames:
            step = step if last_pts is None else frame.pts - last_pts
            last_pts = frame.pts
            draw(frame.time_s, surface.load(frame.picture))
            # MP4 takes a frame's duration from the next frame's time; this one counts for the last frame.
            for picture in encoder.encode(surface.frame, frame.pts, frame.duration or step):
                writer.write(picture)
            n_drawn += 1
            report_progress()
        for picture in encoder.finish():
            writer.write(picture)
        return writer.finish(reader.report)


def shared_format(source: VideoSource, settings: RenderSettings) -> tuple[PictureFormat, YuvColour]:
    """Return the format that all parts of an annotated video share, from the first frame that decodes.

    Raises
    ------
    DecodeError
        When there is none.
    """
    with VideoReader(source, tone_map=True) as reader:
        first = next(_frames(reader, 0), None)
        if first is None:
            message = f"{source.path.name}: no frame could be decoded, so there is nothing to draw on"
            raise DecodeError(message, video=str(source.path))
        colour, tags, rate_hz = first.picture.colour, reader.colour, reader.frame_rate_hz
    shares = (colour.kr, colour.kb)
    if shares != (BT601.kr, BT601.kb) or tags.matrix in _MATRICES.values():
        # Samples that had to be converted have the matrix of the conversion.
        tags = replace(tags, matrix=_MATRICES.get(shares, _BT601_MATRIX))
    width_px, height_px = picture_size(source, settings.height_px)
    picture_format = PictureFormat(
        width_px=width_px + width_px % 2,
        height_px=height_px + height_px % 2,
        time_base=source.time_base,
        rate_hz=rate_hz if rate_hz is not None and 1 <= rate_hz <= 1000 else DEFAULT_RATE_HZ,
        tags=tags,
        full_range=colour.full_range,
    )
    return picture_format, colour


def _frames(reader: VideoReader, read_ahead: int) -> Generator[Frame, None, None]:
    frames = (batch.pop() for batch in reader.batches(1))
    return computed_ahead(frames, read_ahead) if read_ahead > 0 else frames


def _segment(part: Part) -> Segment:
    return Segment(
        number=part.number,
        warmup_start=part.start,
        start=part.start,
        stop=part.stop,
        warmup_start_pts=part.start_pts,
        start_pts=part.start_pts or 0,
        stop_pts=part.stop_pts,
    )
