"""Reading files of landmarks over time.

Two kinds of file are read.

``.npz``
    One person: ``timestamps_s`` (T,), s; ``image_px`` (T, 33, 2 to 4), columns x, y, z, visibility, the first three in
    pixels; ``world_m`` (T, 33, 3), optional; ``frame_size`` (width, height), optional. A landmark without visibility
    counts as seen. NaN is missing.
``.json``
    A ``pose_model.json`` that vidpose wrote: its landmarks as estimated, of all people.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from vidpose.errors import InputError
from vidpose.state.archive import array_bytes
from vidpose.types.arrays import Float32Array, FloatArray, IntArray, frozen
from vidpose.types.findings import CODES
from vidpose.types.skeleton import N_LANDMARKS

_POSE_MODEL: Final = "vidpose.pose_model"
_RAW: Final = ("x_px", "y_px", "z_rel", "visibility", "presence", "world_x_m", "world_y_m", "world_z_m")
_TIME_SLACK_S: Final = 1e-6  # written time stamps are rounded to this
_LONE_FRAME_S: Final = 1.0 / 60.0  # tolerance on the time of a file's only frame
MAX_ARRAY_BYTES: Final = 2 << 30
"""Arrays of a file, unpacked. Ours: 20 hours at 30 Hz."""
MAX_TEXT_BYTES: Final = 2 << 30
"""A pose model as JSON. Ours: 8 hours of one person at 30 Hz."""


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkSeries:
    """Contents of a landmark file.

    Attributes
    ----------
    timestamps_s
        Seconds, strictly increasing, shape (T,).
    size_px
        Width and height that the pixels refer to; None when the file does not state it.
    people
        One per person: the fields of a :class:`vidpose.pose.estimator.FramePose` by name, with a leading axis of T
        frames, float32; NaN is missing.
    """

    timestamps_s: FloatArray
    size_px: tuple[int, int] | None
    people: tuple[Mapping[str, Float32Array], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "timestamps_s", frozen(self.timestamps_s, np.float64, (None,), "timestamps_s"))
        if not (np.isfinite(self.timestamps_s).all() and np.all(np.diff(self.timestamps_s) > 0)):
            raise ValueError("timestamps_s: expected finite, strictly increasing times")
        for person in self.people:
            _check_person(person, len(self.timestamps_s))

    @property
    def tolerance_s(self) -> float:
        """Largest difference between a frame's time and the file's, s: half a frame period."""
        if len(self.timestamps_s) < 2:
            return _LONE_FRAME_S
        return float(np.median(np.diff(self.timestamps_s))) / 2.0 + _TIME_SLACK_S

    def row_at(self, time_s: float) -> int | None:
        """Return the index of the file's frame at that time, or None."""
        if not len(self.timestamps_s):
            return None
        row = int(np.argmin(np.abs(self.timestamps_s - time_s)))
        return row if abs(float(self.timestamps_s[row]) - time_s) <= self.tolerance_s else None


def _check_person(person: Mapping[str, Float32Array], n_frames: int) -> None:
    for name, array in person.items():
        if array.shape[:2] != (n_frames, N_LANDMARKS):
            raise ValueError(f"{name}: expected {n_frames} frames of {N_LANDMARKS} landmarks, got {array.shape}")
        if np.isinf(array).any():
            raise ValueError(f"{name}: expected finite numbers, or NaN where they are missing, got infinite ones")
    for name in ("visibility", "presence"):
        if ((person[name] < 0.0) | (person[name] > 1.0)).any():
            raise ValueError(f"{name}: expected 0 to 1, got {np.nanmin(person[name]):g} to {np.nanmax(person[name]):g}")


def read_landmark_file(path: Path) -> LandmarkSeries:
    """Read a landmark file.

    Raises
    ------
    InputError
        When it is missing, damaged or of another kind.
    """
    try:
        return _read_pose_model(path) if path.suffix == ".json" else _read_arrays(path)
    except OSError as error:
        raise unusable(path, error.strerror or error) from error
    except KeyError as error:
        raise unusable(path, f"it has no {error}") from error
    except RecursionError as error:
        raise unusable(path, "it is nested too deeply") from error
    except (ValueError, TypeError, LookupError, AttributeError, EOFError, ArithmeticError, zipfile.BadZipFile) as error:
        raise unusable(path, error) from error


def unusable(path: Path, reason: object) -> InputError:
    """Return the error that explains why a landmark file cannot be used."""
    code = "landmark_file_unusable"
    expected = "landmarks as .npz (timestamps_s, image_px) or as vidpose's pose_model.json"
    return InputError(f"{path}: expected {expected}, but {reason}. {CODES[code]}", code=code)


def _read_arrays(path: Path) -> LandmarkSeries:
    with zipfile.ZipFile(path) as archive:
        n_bytes = sum(array_bytes(archive, entry) for entry in archive.infolist())
    _refuse_beyond(n_bytes, MAX_ARRAY_BYTES, "arrays")
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
        times_s, image = file["timestamps_s"], np.asarray(file["image_px"], np.float32)
        world_m = np.asarray(file["world_m"], np.float32) if "world_m" in file else None
        size_px = _frame_size(file["frame_size"]) if "frame_size" in file else None
    if image.ndim != 3 or image.shape[1:] not in {(N_LANDMARKS, k) for k in (2, 3, 4)}:
        raise ValueError(f"image_px: expected shape (any, {N_LANDMARKS}, 2 to 4), got {image.shape}")
    if world_m is not None and world_m.shape != (len(image), N_LANDMARKS, 3):
        raise ValueError(f"world_m: expected shape {(len(image), N_LANDMARKS, 3)}, got {world_m.shape}")
    unknown = np.full(image.shape[:2], np.nan, np.float32)
    n_given = image.shape[2]
    seen = np.where(np.isfinite(image[:, :, :2]).all(axis=2), 1.0, np.nan).astype(np.float32)
    person: dict[str, Float32Array] = {
        "image_px": image[:, :, :2],
        "z_rel": image[:, :, 2] / np.float32(size_px[0]) if n_given > 2 and size_px is not None else unknown,
        "visibility": image[:, :, 3] if n_given > 3 else seen,
        "presence": unknown,
        "world_m": np.full((*image.shape[:2], 3), np.nan, np.float32) if world_m is None else world_m,
    }
    return LandmarkSeries(times_s, size_px, (person,))


def _refuse_beyond(n_bytes: int, most_bytes: int, what: str) -> None:
    if n_bytes > most_bytes:
        raise ValueError(f"its {what} take {n_bytes / 2**20:.0f} MiB, at most {most_bytes / 2**20:.0f} MiB are read")


def _frame_size(stated: IntArray) -> tuple[int, int]:
    width_px, height_px = (int(side) for side in stated)
    if min(width_px, height_px) < 1:
        raise ValueError(f"frame_size: expected at least 1 x 1, got {width_px} x {height_px}")
    return width_px, height_px


def _read_pose_model(path: Path) -> LandmarkSeries:
    _refuse_beyond(path.stat().st_size, MAX_TEXT_BYTES, "text")
    with path.open(encoding="utf-8") as stream:
        document = json.load(stream, object_hook=_shrink)
    if document["schema"] != _POSE_MODEL or not document["schema_version"].startswith("1."):
        raise ValueError(f"it is {document['schema']} {document['schema_version']}, not {_POSE_MODEL} 1")
    numerator, denominator = document["video"]["time_base"]
    origin_pts = round(document["video"].get("container_offset_s", 0.0) * denominator / numerator)
    pts = np.array(document["pts"], np.int64) - origin_pts
    times_s = pts * (numerator / denominator)  # exact, where timestamps_s is rounded
    people = []
    for person in document["people"]:
        raw = {name: person["raw"][name].reshape(len(times_s), N_LANDMARKS) for name in _RAW}
        people.append(
            {
                "image_px": np.stack([raw["x_px"], raw["y_px"]], axis=2),
                **{name: raw[name] for name in ("z_rel", "visibility", "presence")},
                "world_m": np.stack([raw[f"world_{axis}_m"] for axis in "xyz"], axis=2),
            }
        )
    size_px = (document["video"]["width_px"], document["video"]["height_px"])
    return LandmarkSeries(times_s, size_px, tuple(people))


def _shrink(block: dict[str, Any]) -> Any:
    """Keep the estimated landmarks in 4 bytes each; drop filtered series and angles as soon as they are read."""
    if "stretch" in block or "value_deg" in block:
        return None
    return {name: np.array(value, np.float32) if name in _RAW else value for name, value in block.items()}
