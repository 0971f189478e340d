"""Keys of finished work: content, settings, model and stage, never names, workers, batch size or memory.

Each stage's key contains the key of the stage before it, so a changed filter leaves the poses valid and a changed
overlay leaves the numbers valid.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

PROBE_STAGE = 3
POSE_STAGE = 5
ANALYSIS_STAGE = 6
RENDER_STAGE = 6
"""Incremented by hand when the code of a stage changes its results."""


def plain(value: Any) -> Any:
    """Turn dataclasses, tuples and mappings into plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, PurePath):
        return str(value)
    return value


def fingerprint(**parts: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``parts``, hexadecimal; plain JSON values are the quickest."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_one_level)
    return hashlib.sha256(text.encode()).hexdigest()


def _one_level(value: Any) -> Any:
    """Return what JSON does not know as what it knows; it asks again for what is inside."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(value) if isinstance(value, Mapping) else str(value) if isinstance(value, PurePath) else plain(value)


def pose_key(video_sha256: str, estimator: Mapping[str, Any], segments: Any, decoder: str) -> str:
    """Return the key of a video's poses.

    Parameters
    ----------
    video_sha256
        Hash of the video's bytes.
    estimator
        Name, settings, package version and model hashes of the estimator.
    segments
        The segment and seam settings.
    decoder
        Name and version of the decoding library.
    """
    return fingerprint(stage=POSE_STAGE, video=video_sha256, estimator=estimator, segments=segments, decoder=decoder)


def analysis_key(poses: str, settings: Any, height_m: float | None) -> str:
    """Return the key of a video's numbers, given the key of its poses."""
    return fingerprint(stage=ANALYSIS_STAGE, poses=poses, settings=settings, height_m=height_m)


def render_key(analysis: str, settings: Any, encoder: str) -> str:
    """Return the key of a video's picture, given the key of its numbers."""
    return fingerprint(stage=RENDER_STAGE, analysis=analysis, settings=settings, encoder=encoder)
