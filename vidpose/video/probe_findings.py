"""What a probed file says about itself that a user should know: mirror, other streams, fields, slow motion."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpose.types.findings import Finding, Severity
from vidpose.types.video import VideoIndex
from vidpose.video.fields import Fields
from vidpose.video.reading import ReadingSettings
from vidpose.video.tone_map import hdr_kind


def declared_findings(index: VideoIndex) -> Iterator[Finding]:
    """Yield the finding about a camera whose stated rate is not the rate at which the file plays."""
    factor = index.slow_motion_factor
    if factor == 1.0:
        return
    played_hz = 1.0 / index.frame_period_s
    how = f"{factor:.3g} times slower" if factor > 1 else f"{1 / factor:.3g} times faster"
    message = (
        f"the file states that the camera took {index.capture_rate_hz:.5g} frames per second, and plays "
        f"{played_hz:.5g}: {how} than the movement was"
    )
    details = {"capture_rate_hz": index.capture_rate_hz, "played_rate_hz": played_hz, "factor": factor}
    yield Finding("slow_motion_declared", message, details=details)


def hdr_findings(frame: VideoFrame) -> Iterator[Finding]:
    """Yield the finding about a picture that is made for bright screens."""
    kind = hdr_kind(frame)
    if kind is not None:
        yield Finding("hdr", f"the picture is HDR ({kind})", "info", {"kind": kind})


def with_factor(findings: Sequence[Finding], factor: float) -> tuple[Finding, ...]:
    """Return a video's findings; the one about slow motion says so when times were divided by a factor."""
    used = f"; speeds and durations are those of the real movement, with the factor {factor:g}"
    return tuple(
        replace(finding, message=finding.message + used, severity="info", details=finding.details | {"used": factor})
        if finding.code == "slow_motion_declared" and factor != 1
        else finding
        for finding in findings
    )


def shown_findings(
    index: VideoIndex, streams: Sequence[VideoStream], fields: Fields, reading: ReadingSettings
) -> Iterator[Finding]:
    """Yield what was decided about mirror, stream and fields."""
    if index.mirrored:
        yield Finding("mirrored", "the file asks players to mirror the picture; so it was", "info")
    yield from _other_streams(index, streams, reading)
    rate_hz = 1.0 / index.frame_period_s if index.n_frames > 1 else math.nan
    if fields.ticks:
        message = f"the frames were split into their fields: {rate_hz:.5g} per second"
        yield Finding("fields_split", message, "info", {"field_rate_hz": rate_hz, "top_field_first": fields.top_first})
    elif fields.interlaced:
        refused = f"; they were not split, because {fields.refused}" if fields.refused else ""
        message = (
            f"the file marks its frames as interlaced: each shows two moments ({2 * rate_hz:.5g} per second), so edges "
            f"of what moves are combed and peak speeds too low{refused}"
        )
        yield Finding("interlaced", message, details={"frame_rate_hz": rate_hz, "field_rate_hz": 2 * rate_hz})


def _other_streams(index: VideoIndex, streams: Sequence[VideoStream], reading: ReadingSettings) -> Iterator[Finding]:
    if len(streams) < 2:
        return
    number = next(number for number, stream in enumerate(streams) if stream.index == index.stream)
    named = [f"{k}: {stream.width} x {stream.height} px" for k, stream in enumerate(streams)]
    why = "as requested" if reading.video_stream == number else "the first of the largest"
    if reading.video_stream is not None and reading.video_stream >= len(streams):
        why = f"because there is no stream {reading.video_stream}"
    message = f"the file holds {len(streams)} video streams ({', '.join(named)}); stream {number} was read, {why}"
    severity: Severity = "info" if reading.video_stream == number else "warning"
    yield Finding("other_video_stream", message, severity, {"n_streams": len(streams), "stream": number})
