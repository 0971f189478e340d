"""Small clips with known content, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from made_clips import ClipSpec, write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """``clip("name.mp4", n_frames=5, ...)`` writes a clip of :class:`ClipSpec` into the test's folder."""

    def make(name: str, **changes) -> Path:
        return write_clip(tmp_path / name, ClipSpec(**changes))

    return make
