"""Where every file of a run is."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

STATE_FOLDER = ".vidpose"
ANALYSIS_RECEIPT = "analysis.receipt.json"
"""Beside a video's tables."""
RENDER_RECEIPT = "annotated.receipt.json"
"""Beside its annotated video."""
COHORT_RECEIPT = "cohort.receipt.json"
"""Beside the cohort of all videos."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The two result folders and what lies in them.

    ``output``: pictures and run reports. ``models``: pose models and tables, and in ``.vidpose`` the poses by key,
    from which everything else can be made again.
    """

    output: Path
    models: Path

    @property
    def state(self) -> Path:
        """Folder of the ledger and of all work known by key."""
        return self.models / STATE_FOLDER

    @property
    def ledger(self) -> Path:
        """SQLite index of known files; can be deleted at any time."""
        return self.state / "ledger.sqlite"

    def pose_segment(self, key: str, segment: int) -> Path:
        """Landmarks of one segment."""
        return self.state / "poses" / key[:2] / key / f"segment_{segment:05d}.npz"

    def guided_segment(self, key: str, segment: int) -> Path:
        """Landmarks of one segment after a guided restart."""
        return self.state / "poses" / key[:2] / key / f"segment_{segment:05d}_guided.npz"

    def motion(self, key: str) -> Path:
        """Filtered landmarks and angles, as the picture stage reads them."""
        return self.state / "motion" / key[:2] / f"{key}.npz"

    def picture_part(self, name: str, key: str, part: int) -> Path:
        """One encoded part of a video's picture, until the parts are joined."""
        return self.picture_parts(name) / key / f"{part:05d}.part"

    def picture_parts(self, name: str) -> Path:
        """Folder of all encoded parts of one video's picture."""
        return self.state / "parts" / hashlib.sha256(os.fsencode(name)).hexdigest()[:32]

    def tables_folder(self, name: str) -> Path:
        """Pose model, tables and summary of one video."""
        return self.models / name

    def picture_folder(self, name: str) -> Path:
        """Annotated video of one video."""
        return self.output / name

    @property
    def log(self) -> Path:
        """What Ray, Dask, MediaPipe and ffmpeg print, and tracebacks."""
        return self.output / "vidpose.log"

    @property
    def run_report(self) -> Path:
        """Report of the last run."""
        return self.output / "run_report.json"
