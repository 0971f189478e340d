"""Decoding a video or a segment: every frame with its true time stamp, all damage counted, nothing silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from types import TracebackType
from typing import Final, NamedTuple

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpose.errors import DecodeError
from vidpose.types.arrays import ByteArray
from vidpose.types.picture import Picture
from vidpose.types.video import Segment, VideoSource
from vidpose.video.container import decoding_device, open_input, picture_stream
from vidpose.video.damage import DecodeCounts, DecodeReport
from vidpose.video.picture_conversion import UNSPECIFIED_COLOUR, PictureConverter, colour_tags
from vidpose.video.stamps import Stamper

# How far before the wanted frame to search for a keyframe, s, one attempt after the other. The last resort is the
# start of the file.
_SEEK_BACK_S: Final[tuple[int, ...]] = (0, 2, 10)


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded frame.

    Attributes
    ----------
    pts
        Time stamp, ticks of the source's time base; strictly increasing.
    time_s
        The same as players show it, s.
    picture
        The planes as decoded, and the conversion to an upright RGB picture.
    corrupt
        Whether the decoder marked the frame as damaged.
    warmup
        Whether the frame comes before the segment's core.
    duration
        Duration of the frame, ticks; 0 when unknown.
    """

    pts: int
    time_s: float
    picture: Picture
    corrupt: bool
    warmup: bool
    duration: int = 0

    @property
    def rgb(self) -> ByteArray:
        """A new upright picture with square pixels, shape (H, W, 3), contiguous, writeable; made at every access."""
        return self.picture.rgb()


class _Stamped(NamedTuple):
    """A decoded frame with its stamp and whether that was repaired; where frames are split, field 0 or 1 of it."""

    raw: VideoFrame
    pts: int
    repaired: bool
    field: int = 0


class VideoReader:
    """Yields the frames of a video, or of one segment with its warm-up.

    The frames of a segment do not depend on how they were reached: a seek is accepted only when decoding begins with an
    undamaged keyframe at or before the first wanted frame; otherwise the file is decoded from its start. Streams with
    assumed time stamps are always decoded from the start. After damage a decoder may leave artefacts in the pictures up
    to the second keyframe; there, pixels (not time stamps or counts) may depend on the start.

    Parameters
    ----------
    source
        The video, as probed.
    segment
        The segment to read; None for the whole video.
    on_skipped
        Called for each frame that is decoded only to reach the segment; there can be very many.
    tone_map
        Whether HDR pictures become pictures for usual screens.
    """

    def __init__(
        self,
        source: VideoSource,
        segment: Segment | None = None,
        on_skipped: Callable[[], None] | None = None,
        tone_map: bool = False,
    ) -> None:
        self._source = source
        self._on_skipped = on_skipped
        self._select(segment)
        self._per_frame = 2 if source.field_ticks else 1
        self._tone_map = tone_map
        self._pictures = PictureConverter(source, tone_map)
        self._stamper = Stamper(source)
        self._counts = DecodeCounts(end_reason="not read")
        self._container: InputContainer | None = None
        self._decoded: Iterator[VideoFrame] | None = None
        self._held: _Stamped | None = None
        self._announced_ahead: list[int] = []
        self.colour = UNSPECIFIED_COLOUR
        self.frame_rate_hz: Fraction | None = None

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @property
    def time_base(self) -> Fraction:
        """Seconds per tick."""
        return self._source.time_base

    @property
    def report(self) -> DecodeReport:
        """Report on the frames decoded so far."""
        return self._counts.report(self._source)

    def batches(self, batch_size: int | Callable[[], int]) -> Iterator[list[Frame]]:
        """Yield lists of at most ``batch_size`` frames, in order; a function is called for the size at every frame.

        A list is emptied when the next one is requested, so that no more than ``batch_size`` pictures are in memory;
        keep a frame by removing it from the list.

        Raises
        ------
        DecodeError
            When the file can no longer be opened or holds no video stream any more.
        """
        batch: list[Frame] = []
        for frame in self._frames():
            batch.append(frame)
            del frame
            if len(batch) >= (batch_size if isinstance(batch_size, int) else batch_size()):
                yield batch
                batch.clear()
        if batch:
            yield batch
            batch.clear()

    def continue_with(self, segment: Segment) -> bool:
        """Continue with the next segment, without opening the file again.

        Returns
        -------
        bool
            False when a new reader might return other frames: the segment before did not end where this one begins, or
            it was damaged, which can affect the next one. Nothing is changed then.
        """
        counts = self._counts
        harmed = counts.n_refused or counts.n_corrupt or counts.n_repaired or counts.n_size_changes
        if self._held is None or harmed or segment.start_pts != self._high:
            return False
        self._select(segment)
        ahead, self._announced_ahead = self._announced_ahead, []
        self._counts = DecodeCounts()
        for pts in ahead:
            self._note(pts)
        return True

    def _select(self, segment: Segment | None) -> None:
        self._low = segment.warmup_start_pts if segment else None
        self._core = segment.start_pts if segment and segment.warmup_start_pts is not None else None
        self._high = segment.stop_pts if segment else None

    def _frames(self) -> Iterator[Frame]:
        for stamped in self._stamped():
            if self._high is not None and stamped.pts >= self._high:
                self._counts.end_reason = "end of segment"
                self._held = stamped
                return
            if stamped.raw.pts is not None and stamped.field == 0:
                self._counts.decoded.append(self._per_frame * stamped.raw.pts)
            if self._low is None or stamped.pts >= self._low:
                frame = self._frame(stamped)
                if frame is not None:
                    yield frame
                del frame
            elif self._on_skipped is not None:
                self._on_skipped()
            del stamped
        self._close()

    def _stamped(self) -> Iterator[_Stamped]:
        """Yield decoded frames or fields with stamps, beginning with the one that ended the segment before, if any."""
        if self._decoded is None:
            self._decoded = self._after_seek() or self._from_start()
            self._stamper = Stamper(self._source)
        elif self._held is not None:
            held, self._held = self._held, None
            yield from self._fields_from(held)
            del held
        for raw in self._decoded:
            stamp = raw.pts if raw.pts is not None else raw.dts
            pts, repaired = self._stamper.stamp(None if stamp is None else self._per_frame * stamp)
            yield from self._fields_from(_Stamped(raw, pts, repaired))
            del raw

    def _fields_from(self, stamped: _Stamped) -> Iterator[_Stamped]:
        """Yield a frame or field and, where frames are split, the second field after the first."""
        yield stamped
        if self._per_frame == 2 and stamped.field == 0:
            yield _Stamped(stamped.raw, stamped.pts + self._source.field_ticks, False, 1)

    def _frame(self, stamped: _Stamped) -> Frame | None:
        """Convert a frame or field of the segment and count it."""
        counts, raw, pts = self._counts, stamped.raw, stamped.pts
        warmup = self._core is not None and pts < self._core
        try:
            picture = self._pictures.picture(raw, stamped.field)
        except FFmpegError:
            counts.n_errors += not warmup
            return None
        size = (raw.width, raw.height)
        if not warmup:
            counts.n_frames += 1
            counts.n_corrupt += raw.is_corrupt
            counts.n_repaired += stamped.repaired
            counts.n_size_changes += counts.size is not None and counts.size != size
        counts.size = size
        if self.colour == UNSPECIFIED_COLOUR:
            self.colour = colour_tags(raw, self._tone_map)
        duration = self._source.field_ticks or raw.duration or 0
        return Frame(pts, self._source.seconds(pts), picture, raw.is_corrupt, warmup, duration)

    def _from_start(self) -> Iterator[VideoFrame]:
        self._counts = DecodeCounts()
        container, stream = self._open()
        return self._decode(_packets(container, stream, self._counts), stream)

    def _after_seek(self) -> Iterator[VideoFrame] | None:
        """Return frames decoded from an undamaged keyframe at or before the first wanted frame; None without one."""
        if self._low is None or self._source.timing == "assumed":
            return None
        for back_s in _SEEK_BACK_S:
            container, stream = self._open()
            self._counts = DecodeCounts()
            target = (self._low - round(back_s / self._source.time_base)) // self._per_frame
            try:
                container.seek(target, stream=stream)
            except FFmpegError:
                return None
            frames = self._from_keyframe(_packets(container, stream, self._counts), stream, self._low)
            if frames is not None:
                return frames
        return None

    def _from_keyframe(
        self, packets: Iterator[Packet[VideoStream]], stream: VideoStream, wanted_pts: int
    ) -> Iterator[VideoFrame] | None:
        key = next((packet for packet in packets if packet.is_keyframe), None)
        if key is None or key.pts is None or self._per_frame * key.pts > wanted_pts:
            return None
        key_pts = key.pts
        # Frames shown before the keyframe but stored after it depend on pictures that were skipped.
        trusted = (
            frame
            for frame in self._decode(chain([key], packets), stream)
            if frame.pts is not None and frame.pts >= key_pts
        )
        first = next(trusted, None)
        if first is None or first.pts != key_pts or first.is_corrupt or self._counts.n_refused:
            return None
        return chain([first], trusted)

    def _decode(self, packets: Iterator[Packet[VideoStream]], stream: VideoStream) -> Iterator[VideoFrame]:
        """Feed packets to the decoder one by one; an error loses that packet and is counted."""
        for packet in packets:
            self._announce(packet)
            try:
                frames = stream.decode(packet)
            except FFmpegError:
                self._count_error(packet)
                continue
            while frames:
                yield frames.pop(0)
        try:
            yield from stream.decode(None)
        except FFmpegError:
            self._counts.n_errors += 1

    def _announce(self, packet: Packet[VideoStream]) -> None:
        has_stamp = self._source.timing == "container" and not packet.is_discard
        if has_stamp and packet.pts is not None:
            self._note(self._per_frame * packet.pts)

    def _note(self, pts: int) -> None:
        """Record an announced frame: for this segment, or for the next one."""
        if self._in_core(pts):
            self._counts.announced.append(pts)
        elif self._high is not None and pts >= self._high:
            self._announced_ahead.append(pts)

    def _count_error(self, packet: Packet[VideoStream]) -> None:
        pts: int | None = self._stamper.upcoming
        if self._source.timing == "container":
            pts = None if packet.pts is None else self._per_frame * packet.pts
        self._counts.n_refused += 1
        self._counts.n_errors += pts is None or self._in_core(pts)

    def _in_core(self, pts: int) -> bool:
        return (self._core is None or pts >= self._core) and (self._high is None or pts < self._high)

    def _open(self) -> tuple[InputContainer, VideoStream]:
        self._close()
        path = self._source.path
        try:
            self._container = open_input(path, decoding_device(path) if self._source.hardware else None)
        except (FFmpegError, OSError) as error:
            message = f"{path.name}: cannot be opened ({error.strerror}); check the file and run again"
            raise DecodeError(message, video=str(path)) from error
        stream = picture_stream(self._container, self._source.stream)
        if stream is None:
            message = f"{path.name}: expected a video stream, found none; the file changed since it was probed"
            raise DecodeError(message, video=str(path))
        rate_hz = stream.guessed_rate or stream.average_rate
        self.frame_rate_hz = None if rate_hz is None else rate_hz * self._per_frame
        return self._container, stream

    def _close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None


def _packets(container: InputContainer, stream: VideoStream, counts: DecodeCounts) -> Iterator[Packet[VideoStream]]:
    """Yield packets with content; an error of the file ends them and is recorded."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except FFmpegError as error:
        counts.end_reason = f"reading stopped: {error.strerror}"
