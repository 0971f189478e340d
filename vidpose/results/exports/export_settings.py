"""What is written for other programs, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

EXPORTERS: Final[dict[str, str]] = {
    "sto": "vidpose.results.exports.sto_files",
    "trc": "vidpose.results.exports.marker_files",
    "c3d": "vidpose.results.exports.marker_files",
    "mot": "vidpose.results.exports.mot_files",
    "coco": "vidpose.results.exports.coco",
    "dlc": "vidpose.results.exports.dlc",
}
"""The :class:`~vidpose.results.exports.exporter.ExporterModule` of each kind of file, imported when it is asked for; a
module with several kinds is called once. The order is that of ``exports.json``."""
Gaps = Literal["nan", "split"]
OpensimModel = Literal["gait2392", "rajagopal2016"]


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Files for other programs.

    Attributes
    ----------
    kinds
        Formats that are written, keys of :data:`EXPORTERS`. TRC and STO by default.
    gaps
        ``split`` writes one TRC file per stretch without gaps, which OpenSim's scaling and inverse kinematics take as
        it is; ``nan`` writes one file with all series and gaps as ``nan``.
    rate_hz
        Rate of TRC, MOT and C3D; None keeps the frames, and takes the usual rate where the clip's rate varies.
    min_valid_share
        A series enters a file without gaps when it is there in this share of the person's frames (ours: a series that
        comes and goes would cut the others to pieces).
    min_run_s
        Shortest stretch without gaps that is a file of its own, s (ours: nothing that moves is told by less).
    opensim_model
        Model whose coordinate names and signs a further MOT file has; None for none.
    """

    kinds: tuple[str, ...] = ("trc", "sto")
    gaps: Gaps = "split"
    rate_hz: float | None = None
    min_valid_share: float = 0.9
    min_run_s: float = 0.5
    opensim_model: OpensimModel | None = None

    def __post_init__(self) -> None:
        unknown = [kind for kind in self.kinds if kind not in EXPORTERS]
        if unknown:
            raise ValueError(f"kinds: expected some of {', '.join(EXPORTERS)}, got {', '.join(map(str, unknown))}")
        if self.gaps not in get_args(Gaps):
            raise ValueError(f"gaps: expected one of {', '.join(get_args(Gaps))}, got {self.gaps!r}")
        if self.rate_hz is not None and not 0 < self.rate_hz <= 10_000:
            raise ValueError(f"rate_hz: expected above 0, at most 10000, got {self.rate_hz}")
        if not 0 < self.min_valid_share <= 1:
            raise ValueError(f"min_valid_share: expected above 0, at most 1, got {self.min_valid_share}")
        if not self.min_run_s >= 0:
            raise ValueError(f"min_run_s: expected at least 0, got {self.min_run_s}")
        if self.opensim_model not in (None, *get_args(OpensimModel)):
            models = ", ".join(get_args(OpensimModel))
            raise ValueError(f"opensim_model: expected one of {models}, got {self.opensim_model!r}")

    @property
    def exporters(self) -> tuple[str, ...]:
        """The modules that write what is chosen, each once; a model's coordinates are a MOT file."""
        chosen = {*self.kinds, "mot"} if self.opensim_model else set(self.kinds)
        return tuple(dict.fromkeys(module for kind, module in EXPORTERS.items() if kind in chosen))
