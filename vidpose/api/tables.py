"""An analysis as tables, with the columns of the files that a run writes (see ``docs/tables.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vidpose.biomech.metric_dictionary import DICTIONARY
from vidpose.biomech.metrics.row import MetricRow
from vidpose.results.metric_entries import event_entry, metric_entry
from vidpose.results.video_result import ANGLE_STATUS_WORDS, BEST_SOURCE_WORDS, FACING_WORDS
from vidpose.types.metrics import REASONS
from vidpose.types.motion import MotionAnalysis

if TYPE_CHECKING:
    import pandas as pd


def angle_table(motion: MotionAnalysis) -> pd.DataFrame:
    """Return one row per frame and angle, as in ``angles.parquet``."""
    angles = motion.angles
    columns = _where(motion, angles.ids, "angle") | {
        "value_deg": np.rad2deg(angles.values_rad).ravel(),
        "velocity_deg_s": np.rad2deg(angles.velocity_rad_s).ravel(),
        "acceleration_deg_s2": np.rad2deg(angles.acceleration_rad_s2).ravel(),
        "precision_deg": np.rad2deg(angles.precision_rad).ravel(),
        "expected_error_deg": np.rad2deg(angles.expected_error_rad).ravel(),
        "valid": angles.valid.ravel(),
        "status": _words(angles.status.ravel(), ANGLE_STATUS_WORDS),
        "facing": _words(np.repeat(motion.facing, len(angles.ids)), FACING_WORDS),
    }
    return _frame(columns)


def best_flexion_table(motion: MotionAnalysis) -> pd.DataFrame:
    """Return one row per frame and joint, as in ``best_flexion.parquet``."""
    best = motion.best
    if best is None:
        raise ValueError("the analysis has no best flexions")
    columns = _where(motion, best.ids, "joint") | {
        "flexion_deg": np.rad2deg(best.values_rad).ravel(),
        "source": _words(best.source.ravel(), BEST_SOURCE_WORDS),
        "expected_error_deg": np.rad2deg(best.expected_error_rad).ravel(),
        "valid": best.valid.ravel(),
        "facing": _words(np.repeat(motion.facing, len(best.ids)), FACING_WORDS),
    }
    return _frame(columns)


def metric_table(motion: MotionAnalysis, custom: Sequence[MetricRow] = ()) -> pd.DataFrame:
    """Return one row per metric and side, as in ``metrics.parquet``; also of the caller's own metrics."""
    dictionary = {**DICTIONARY, **{row.id: row for row in custom}}
    rows = []
    for value in motion.metrics:
        row = dictionary[value.metric_id]
        reason = REASONS.get(value.reason, value.reason) if value.reason else ""
        rows.append({**metric_entry(value, row), "label": row.label, "reason": reason})
    names = ("metric", "label", "side", "value", "uncertainty", "unit", "status", "reason", "start_s", "end_s", "n")
    numbers = ("value", "uncertainty", "start_s", "end_s")
    return _records(rows, names).astype(dict.fromkeys(numbers, np.float64))


def event_table(motion: MotionAnalysis) -> pd.DataFrame:
    """Return one row per event in order of time, as in ``events.parquet``."""
    numbers = {"time_s": np.float64, "frame": np.int64, "uncertainty_s": np.float64}
    rows = [event_entry(event) for event in motion.events]
    return _records(rows, ("event", "side", *numbers)).astype(numbers)


def _where(motion: MotionAnalysis, ids: Sequence[str], name: str) -> dict[str, Any]:
    times_s = motion.filtered.timestamps_s
    return {
        "frame": np.repeat(np.arange(len(times_s)), len(ids)),
        "time_s": np.repeat(times_s, len(ids)),
        name: _words(np.tile(np.arange(len(ids)), len(times_s)), ids),
    }


def _words(codes: np.ndarray, words: Sequence[str]) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(list(words)))


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns)


def _records(rows: list[dict[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(names))
