"""Counting and reporting what does not decode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from vidpose.types.findings import Finding
from vidpose.types.video import VideoIndex, VideoSource

# Ours: a missing end shorter than this is a gap like any other, not a truncated file.
_EARLY_END_S: Final[float] = 0.5
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DecodeReport:
    """Outcome of decoding a segment, a part or a whole video; of a segment, only core frames count.

    Attributes
    ----------
    n_frames
        Core frames that were returned.
    n_errors
        Packets that the decoder rejected, and frames that could not be converted.
    n_corrupt
        Returned frames that the decoder marked as damaged.
    n_repaired
        Frames whose time stamp was missing or did not increase.
    n_size_changes
        Number of changes of the stored picture size.
    gaps
        Spans (start_s, stop_s) whose announced frames did not decode; empty when time stamps are assumed, as missing
        frames are then unknown.
    end_reason
        ``"end of stream"``, ``"end of segment"``, ``"not read"``, or the error that ended reading.
    """

    n_frames: int = 0
    n_errors: int = 0
    n_corrupt: int = 0
    n_repaired: int = 0
    n_size_changes: int = 0
    gaps: tuple[Span, ...] = ()
    end_reason: str = "not read"


@dataclass(slots=True)
class DecodeCounts:
    """Counts of one pass, from which a :class:`DecodeReport` is made.

    ``n_refused`` counts rejected packets anywhere, ``n_errors`` those of the core. ``announced`` and ``decoded`` are
    the stamps of packets and frames, ticks.
    """

    n_frames: int = 0
    n_errors: int = 0
    n_refused: int = 0
    n_corrupt: int = 0
    n_repaired: int = 0
    n_size_changes: int = 0
    size: tuple[int, int] | None = None
    announced: list[int] = field(default_factory=list)
    decoded: list[int] = field(default_factory=list)
    end_reason: str = "end of stream"

    def report(self, source: VideoSource) -> DecodeReport:
        """Return the report."""
        return DecodeReport(
            n_frames=self.n_frames,
            n_errors=self.n_errors,
            n_corrupt=self.n_corrupt,
            n_repaired=self.n_repaired,
            n_size_changes=self.n_size_changes,
            gaps=_spans(self.announced, self.decoded, source),
            end_reason=self.end_reason,
        )


def decode_findings(reports: Sequence[DecodeReport], index: VideoIndex) -> tuple[Finding, ...]:
    """Return the findings, beyond those of the index, about a video that was decoded completely.

    Parameters
    ----------
    reports
        One report per segment, in order, together the whole video; or a single one without segments.
    index
        The probed video.
    """
    n_frames = sum(report.n_frames for report in reports)
    n_missing = max(0, index.n_frames - n_frames)
    n_errors = sum(report.n_errors for report in reports)
    if n_frames == 0:
        message = f"none of {index.n_frames} frames decoded ({n_errors} errors)"
        return (Finding("no_frames", message, "fatal"),)
    findings = []
    spans = _joined([span for report in reports for span in report.gaps])
    if spans or n_missing:
        message = f"{n_missing} of {index.n_frames} frames did not decode ({n_errors} errors, {len(spans)} gaps)"
        details = {"n_missing": n_missing, "n_errors": n_errors, "gaps_s": [list(span) for span in spans]}
        findings.append(Finding("decode_gaps", message, details=details))
    findings.extend(_early_end(reports, spans, index))
    for code, n, what in (
        ("corrupt_frames", sum(report.n_corrupt for report in reports), "frames were marked as damaged by the decoder"),
        ("timestamps_repaired", sum(report.n_repaired for report in reports), "time stamps were corrected"),
        ("size_changes", sum(report.n_size_changes for report in reports), "changes of the picture size"),
    ):
        if n:
            findings.append(Finding(code, f"{n} {what}", details={"n": n}))
    known = {finding.code for finding in index.findings}
    return tuple(finding for finding in findings if finding.code not in known)


def _early_end(reports: Sequence[DecodeReport], spans: Sequence[Span], index: VideoIndex) -> list[Finding]:
    """Return a finding when reading stopped, or when the last gap reaches the last announced frame."""
    broken = next((report.end_reason for report in reports if report.end_reason.startswith("reading")), None)
    if broken is not None:
        return [Finding("ends_early", broken)]
    last_s = float(index.timestamps_s[-1])
    if spans and spans[-1][1] > last_s and spans[-1][1] - spans[-1][0] > _EARLY_END_S:
        start_s = spans[-1][0]
        message = f"nothing decodes after {start_s:.2f} s, although the last frame is announced at {last_s:.2f} s"
        return [Finding("ends_early", message, details={"last_decodable_s": start_s, "announced_s": last_s})]
    return []


def _spans(announced: Sequence[int], decoded: Sequence[int], source: VideoSource) -> tuple[Span, ...]:
    """Return the spans from each missing stamp to the next announced one."""
    missing = Counter(announced) - Counter(decoded)
    ordered = sorted(set(announced))
    if not missing:
        return ()
    period = (ordered[-1] - ordered[0]) / (len(ordered) - 1) if len(ordered) > 1 else 0.0
    edges = [*ordered, ordered[-1] + period]
    edges_s = [(edge - source.origin_pts) * float(source.time_base) for edge in edges]
    spans = [(edges_s[i], edges_s[i + 1]) for i, pts in enumerate(ordered) if pts in missing]
    return tuple(_joined(spans))


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Join adjacent spans."""
    joined: list[Span] = []
    for start_s, stop_s in spans:
        if joined and start_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], stop_s)
        else:
            joined.append((start_s, stop_s))
    return joined
