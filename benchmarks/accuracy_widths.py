"""What the widths of the expected error were fitted to: movements that are in no table of accuracy.

``python -m benchmarks.accuracy_widths --scratch FOLDER`` prints, for some values of one width with all others as they
are: the share of knees that are wrong by more than 15 degrees and not valid, and of those that are wrong by up to 8
degrees and valid (in the picture and in the best flexion), the share of errors inside the band, and how badly normal
errors of that size fit the true ones of legs and of elbows (the mean of log(variance) + error squared over variance:
the lower, the likelier). ``--mannequin`` adds the same for the movements of the tables.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
import numpy as np
import pandas as pd

from benchmarks.accuracy_view_clips import KnownClip, calibration_clips, mannequin_clips
from benchmarks.accuracy_views import judge, mannequin_bars
from vidpose.biomech.validity.support import AngleSupportSettings

_TRIED: Final[dict[str, tuple[float, ...]]] = {
    "bent_share": (0.0, 0.1, 0.2, 0.3),
    "hidden_leg_rad": tuple(np.deg2rad((5.0, 8.0, 10.0, 15.0, 30.0))),
    "hidden_rad": tuple(np.deg2rad((15.0, 22.0, 28.0, 30.0, 40.0))),
    "turned_rad": tuple(np.deg2rad((4.0, 8.0, 12.0))),
    "floor_rad": tuple(np.deg2rad((3.0, 4.0, 6.0))),
}
"""Widths of :class:`~vidpose.biomech.validity.angle_estimates.ErrorSettings` and the values that are printed."""
_COLUMNS: Final = ("image_invalid_of_large", "image_valid_of_small", "best_invalid_of_large", "best_valid_of_small")
_LEGS: Final = ("hip", "knee", "ankle")


Clip = tuple[KnownClip, str, int, bool]


def width_table(clips: Iterable[Clip]) -> pd.DataFrame:
    """Return a row per width and value."""
    return pd.DataFrame(list(_rows(list(clips)))).set_index(["width", "value"])


def _rows(clips: list[Clip]) -> Iterator[dict[str, str | float]]:
    for width, values in _TRIED.items():
        for value in values:
            limits = AngleSupportSettings()
            limits = replace(limits, errors=replace(limits.errors, **{width: value}))
            frames = pd.concat([judge(clip, limits).assign(yaw=yaw) for clip, _, yaw, _ in clips], ignore_index=True)
            bars = mannequin_bars(frames)
            joint = frames["joint"].str[:-2]
            yield {
                "width": width,
                "value": float(np.rad2deg(value)) if width.endswith("_rad") else value,
                **{f"knee_{name}": bars[f"knee_{name}"] for name in _COLUMNS},
                "inside_band": bars["refined_inside_band"],
                "misfit_legs": _misfit(frames[joint.isin(_LEGS)]),
                "misfit_elbows": _misfit(frames[joint == "elbow"]),
            }


def _misfit(frames: pd.DataFrame) -> float:
    """Return the mean of log(variance) + error squared over variance, degrees, of refined world landmarks."""
    variance = frames["refined_expected"] ** 2
    return float((np.log(variance) + frames["refined_off"] ** 2 / variance).mean())


@click.command()
@click.option("--mannequin", is_flag=True, help="The movements of the tables as well.")
@click.option("--scratch", type=click.Path(path_type=Path), help="Keep poses here.")
def main(mannequin: bool, scratch: Path | None) -> None:
    """Print what other widths of the expected error would change."""
    with tempfile.TemporaryDirectory(prefix="vidpose-widths-") as temporary:
        kept = scratch or Path(temporary)
        sets = {"calibration": calibration_clips(kept)} | ({"tables": mannequin_clips(kept)} if mannequin else {})
        for name, clips in sets.items():
            print(f"\nwidths of the expected error, movements of the {name}", flush=True)
            print(width_table(clips).round(3).to_string(), flush=True)


if __name__ == "__main__":
    main()
