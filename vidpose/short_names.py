"""Short names of settings that lie in a group: ``cutoff_hz`` for ``analysis.butterworth.cutoff_hz``.

The command line and the Python interface share them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SHORT_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "video_stream": ("reading", "video_stream"),
    "split_fields": ("reading", "split_fields"),
    "filter": ("analysis", "filter"),
    "cutoff_hz": ("analysis", "butterworth", "cutoff_hz"),
    "slow_motion": ("analysis", "slow_motion_factor"),
    "repair_swaps": ("analysis", "repair_swaps"),
    "export": ("exports", "kinds"),
    "csv_style": ("tables", "csv_style"),
    "estimator": ("pose", "estimator"),
    "pose_model": ("pose", "model"),
    "max_people": ("pose", "max_people"),
    "person": ("people", "person"),
    "person_at": ("people", "person_at"),
    "precision": ("pose", "precision"),
    "device": ("pose", "device"),
    "yolo_model": ("pose", "yolo_model"),
    "pose_files": ("pose", "pose_files"),
    "pose_fps": ("sampling", "pose_fps"),
    "stride": ("sampling", "stride"),
    "render_height": ("render", "height_px"),
    "codec": ("render", "codec"),
    "thumbnail": ("render", "thumbnail"),
    "gif": ("render", "gif"),
    "blur_faces": ("overlay", "blur_faces"),
    "base_model": ("training", "base_model"),
    "max_cost": ("synthesis", "max_cost_usd"),
    "llm_dry_run": ("synthesis", "dry_run"),
}
"""Groups and key of each setting that has a short name."""


def in_groups(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with those under a short name moved into their groups.

    Parameters
    ----------
    values
        Settings, some by their short name; a group may be given as a mapping beside them. None stands for "not
        given" under a short name.
    """
    grouped = {name: value for name, value in values.items() if name not in SHORT_NAMES}
    for name, (*groups, key) in SHORT_NAMES.items():
        if values.get(name) is not None:
            place = grouped
            for group in groups:
                place[group] = dict(place.get(group, {}))  # a copy: what the caller gave stays as it is
                place = place[group]
            place[key] = values[name]
    return grouped
