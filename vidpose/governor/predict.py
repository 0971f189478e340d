"""How much memory a unit of work will take, learnt from the units before it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from vidpose.governor.sizes import MIB
from vidpose.types.mapped_arrays import CAN_SPILL

UnitKind = Literal["pose", "render"]

POSE_WORKER_BYTES: Final[int] = 310 * MIB
"""A worker process with OpenCV, PyAV and BlazePose networks open, before it holds a frame. Measured 290 to 310 MiB PSS
each with two workers that share libraries (OpenVINO 2026.4, f32)."""

DECODER_FRAMES: Final[int] = 4
"""Reference pictures of the decoder with one thread. Ours."""

FRAME_BYTES_PER_PX: Final[float] = 1.5
"""One decoded frame, as YUV 4:2:0 with 8 bits, which is what cameras write."""

_PADDED_PX: Final[int] = 64
"""Decoders make rows and columns as long as a multiple of this."""

ENCODER_BYTES_PER_PX: Final[int] = 40
"""x264 with one thread and preset ultrafast, and what is drawn. Measured 20 to 30 at 1920x1080; slower presets, with
their look-ahead, take up to 110, which is learnt from the first parts."""

ANALYSIS_BYTES_PER_FRAME: Final[int] = 800
"""Series of one person in files (:mod:`vidpose.types.mapped_arrays`), and the same again for the person being analysed.
Measured over an hour at 30 Hz at the peak: 1 400 with one person, 3 000 with four."""

IN_MEMORY_BYTES_PER_FRAME: Final[int] = 7_000
"""The same where series cannot go into files. Measured 5 600 at the peak, with poses; 6 000 in the inline engine, whose
C library keeps holes."""

ANALYSIS_INCLUDED_BYTES: Final[int] = 64 * MIB
"""What the fixed cost of the analysing process already includes: a minute or two of one person."""

_P95_OF_NORMAL: Final[float] = 1.645  # standard deviations above the mean


@dataclass(frozen=True, slots=True)
class UnitShape:
    """What the memory of a unit depends on.

    Attributes
    ----------
    kind
        Estimating poses, or drawing them into a new video.
    width_px, height_px
        Size of a decoded frame.
    codec
        ffmpeg's name of the codec that is decoded.
    batch
        Frames that are held at once.
    bytes_per_px
        Size of a decoded frame in its pixel format, per pixel: 1.5 for 8-bit YUV 4:2:0, 8 for 16-bit RGBA.
    """

    kind: UnitKind
    width_px: int
    height_px: int
    codec: str
    batch: int
    bytes_per_px: float = FRAME_BYTES_PER_PX

    @property
    def memory_class(self) -> tuple[UnitKind, int, str]:
        """Units that are expected to miss the first guess by the same factor: same kind, codec and octave of pixels."""
        return self.kind, round(math.log2(max(self.width_px * self.height_px, 1))), self.codec


def first_guess_bytes(shape: UnitShape) -> int:
    """Return the predicted memory of a unit that nothing is known about, its worker process included.

    ``worker + pixels x frame x (references + batch + 1)``, plus the encoder for a render unit; one more frame than the
    batch is alive while it is handed over.

    Examples
    --------
    >>> full_hd = UnitShape("pose", 1920, 1080, "h264", batch=5)
    >>> first_guess_bytes(full_hd) // 2**20
    340
    """
    per_px = shape.bytes_per_px * (DECODER_FRAMES + shape.batch + 1)
    if shape.kind == "render":
        per_px += ENCODER_BYTES_PER_PX
    return POSE_WORKER_BYTES + math.ceil(_padded(shape.width_px) * _padded(shape.height_px) * per_px)


def _padded(side_px: int) -> int:
    return -(-side_px // _PADDED_PX) * _PADDED_PX


def analysis_bytes(n_frames: int, n_people: int) -> int:
    """Return what the analysis of a video takes beyond its process, bytes; 0 for short videos."""
    n_people = max(n_people, 1)
    per_frame = ANALYSIS_BYTES_PER_FRAME * (n_people + 1) if CAN_SPILL else IN_MEMORY_BYTES_PER_FRAME * n_people
    return max(0, per_frame * n_frames - ANALYSIS_INCLUDED_BYTES)


@dataclass(frozen=True, slots=True)
class _Experience:
    """Measured peak over first guess of one class: running mean and variance, newer units counting more."""

    mean: float
    variance: float = 0.0
    n_units: int = 1

    def after(self, ratio: float, weight: float) -> _Experience:
        difference = ratio - self.mean
        mean = self.mean + weight * difference
        # Finch (2009), "Incremental calculation of weighted mean and variance", the exponentially weighted case
        variance = (1.0 - weight) * (self.variance + weight * difference**2)
        return _Experience(mean, variance, self.n_units + 1)


class UnitPredictor:
    """Predicts the memory of units; one for a whole run. Not locked: the engine's loop owns it.

    Parameters
    ----------
    weight
        Share of the newest unit in the running mean.
    trust_after
        Units of a class after which the first guess no longer counts. Before that a prediction below the first guess
        is mixed with it; one above it is believed at once.
    """

    def __init__(self, weight: float = 0.2, trust_after: int = 4) -> None:
        self._weight = weight
        self._trust_after = trust_after
        self._experience: dict[tuple[UnitKind, int, str], _Experience] = {}

    def predict_bytes(self, shape: UnitShape) -> int:
        """Return the memory that 95 of 100 such units stay below, bytes."""
        guess_bytes = first_guess_bytes(shape)
        experience = self._experience.get(shape.memory_class)
        if experience is None:
            return guess_bytes
        p95 = experience.mean + _P95_OF_NORMAL * math.sqrt(experience.variance)
        trust = min(experience.n_units / self._trust_after, 1.0)
        return round(guess_bytes * max(p95, trust * p95 + (1.0 - trust)))

    def learn(self, shape: UnitShape, peak_bytes: int) -> None:
        """Take in the measured peak of a unit that has ended."""
        ratio = peak_bytes / first_guess_bytes(shape)
        before = self._experience.get(shape.memory_class)
        self._experience[shape.memory_class] = (
            _Experience(ratio) if before is None else before.after(ratio, self._weight)
        )

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Return measured over predicted memory per class, plain JSON values for the report."""
        return {
            f"{kind} 2^{octave} px {codec}": {
                "n_units": experience.n_units,
                "measured_over_first_guess": round(experience.mean, 3),
            }
            for (kind, octave, codec), experience in sorted(self._experience.items())
        }
