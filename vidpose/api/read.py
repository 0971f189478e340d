"""``vidpose.read``: the results of a run, each file opened on first use."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidpose.api.analyse import one_angle
from vidpose.errors import OutputError, UsageError, did_you_mean
from vidpose.state.bounded_reading import read_bounded
from vidpose.state.layout import ANALYSIS_RECEIPT, STATE_FOLDER
from vidpose.types.arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd
    import xarray

_TABLES: Final = ("landmarks", "angles", "best_flexion", "body", "metrics", "events")


class VideoData:
    """The results of one video; every table is read once, on first use.

    Parameters
    ----------
    folder
        Folder of the video's tables.
    name
        Name of the video in the results.

    Examples
    --------
    >>> import vidpose
    >>> squat = vidpose.read("models")["squat.mp4"]
    >>> squat.angles.columns.tolist()[:6]
    ['video_id', 'person', 'frame', 'time_s', 'angle', 'value_deg']
    >>> int(squat.metrics.person.nunique())
    1
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name

    def __repr__(self) -> str:
        return f"VideoData({self.name!r})"

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the tables of ``docs/tables.md``.

        Parameters
        ----------
        name
            ``"landmarks"``, ``"angles"``, ``"best_flexion"``, ``"body"``, ``"metrics"`` or ``"events"``.

        Raises
        ------
        UsageError
            When there is no such table.
        OutputError
            When its file is missing or damaged.
        """
        import pandas as pd

        if name not in _TABLES:
            raise UsageError(f"table: expected one of {', '.join(_TABLES)}, got {name!r}{did_you_mean(name, _TABLES)}")
        path = self.folder / f"{name}.parquet"
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise OutputError(f"{path}: cannot be read ({error}); process the video again") from error

    @cached_property
    def angles(self) -> pd.DataFrame:
        """One row per person, frame and angle, degrees."""
        return self.table("angles")

    @cached_property
    def best_flexion(self) -> pd.DataFrame:
        """One row per person, frame and joint: the flexion from whichever source supports it best, degrees."""
        return self.table("best_flexion")

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row per person, metric and side; ``status`` and ``reason`` say why a value is missing."""
        return self.table("metrics")

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row per foot strike, toe-off, take-off and landing."""
        return self.table("events")

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The video's ``summary.json``: facts, findings, summary of every angle."""
        import orjson

        path = self.folder / "summary.json"
        try:
            content: dict[str, Any] = orjson.loads(read_bounded(path))
        except (OSError, ValueError) as error:
            raise OutputError(f"{path}: cannot be read ({error}); process the video again") from error
        return content

    @cached_property
    def landmarks(self) -> xarray.Dataset:
        """Landmarks as a poses dataset of ``movement``: dimensions time, space, keypoints, individuals.

        ``position`` holds the filtered landmarks, ``raw_position`` those that were estimated, pixels, x right, y down;
        ``confidence`` the visibility, 0 to 1. NaN is missing. Needs xarray: ``pip install vidpose[xarray]``.
        """
        return _poses_dataset(self.table("landmarks"), self.folder)

    def angle(self, name: str, *, person: int = 0) -> pd.DataFrame:
        """Return one angle of one person over time.

        Parameters
        ----------
        name
            An angle of ``docs/angles.md``, such as ``knee_flexion_r``.
        person
            Number of the person; 0 is the main person.

        Returns
        -------
        pandas.DataFrame
            One row per frame, indexed by ``time_s``.

        Raises
        ------
        UsageError
            When there is no such angle or person.
        """
        of_person = self.angles[self.angles["person"] == person]
        if of_person.empty:
            raise UsageError(f"person: expected one of {sorted(set(self.angles['person']))}, got {person}")
        return one_angle(of_person, name)


class Results(Mapping[str, VideoData]):
    """The results of a folder of videos, by the video's name; files are opened on first use.

    Parameters
    ----------
    folder
        The folder that was given as ``models``.

    Examples
    --------
    >>> import vidpose
    >>> results = vidpose.read("models")
    >>> list(results)
    ['squat.mp4']
    >>> "squat.mp4" in results, "jump.mp4" in results
    (True, False)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r})"

    def __getitem__(self, name: str) -> VideoData:
        found = self._find(name)
        if found is None:
            raise KeyError(f"{name}: no results in {self.folder}; list(results) names those that exist")
        return VideoData(self.folder / found, found)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __iter__(self) -> Iterator[str]:
        yield from _videos_below(self.folder, "")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def cohort(self) -> pd.DataFrame:
        """All metrics of all videos of the last run over a folder: the table ``cohort.parquet``.

        Raises
        ------
        OutputError
            When there is none: a run over a single video writes none.
        """
        import pandas as pd

        path = self.folder / "cohort.parquet"
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise OutputError(f"{path}: cannot be read ({error}); process the folder of the videos") from error

    def _find(self, name: str) -> str | None:
        """Return the name of the folder with a video's results, by that name or by the video's path."""
        from vidpose.video.output_names import output_names

        for candidate in dict.fromkeys((name, output_names([name])[name])):
            if candidate and (self.folder / candidate / ANALYSIS_RECEIPT).is_file():
                return candidate
        return None


def read(folder: str | os.PathLike[str]) -> Results:
    """Open the results of a run.

    Parameters
    ----------
    folder
        The folder with pose models and tables: what was given as ``models``.

    Returns
    -------
    Results
        A mapping from video to its tables; 10 000 videos cost nothing until one is used.

    Raises
    ------
    UsageError
        When there is no such folder, or no run wrote to it.

    See Also
    --------
    vidpose.process : Makes the results.

    Examples
    --------
    >>> import vidpose
    >>> results = vidpose.read("models")
    >>> knee = results["squat.mp4"].angle("knee_flexion_r")
    >>> bool(knee.value_deg.max() > 60)
    True
    """
    path = Path(folder)
    if not path.is_dir():
        raise UsageError(f"{path}: expected the models folder of a run, found none; check the path")
    if not (path / STATE_FOLDER).is_dir() and next(_videos_below(path, ""), None) is None:
        raise UsageError(f"{path}: no results found; expected the models folder of a run (not its output folder)")
    return Results(path)


def _videos_below(folder: Path, prefix: str) -> Iterator[str]:
    """Yield the names of the folders with results, in order; lists folders and opens no file."""
    with os.scandir(folder) as listing:
        below = sorted(entry.name for entry in listing if not entry.name.startswith(".") and entry.is_dir())
    for name in below:
        if (folder / name / ANALYSIS_RECEIPT).is_file():
            yield prefix + name
        else:
            yield from _videos_below(folder / name, f"{prefix}{name}/")


def _poses_dataset(table: pd.DataFrame, source: Path) -> xarray.Dataset:
    try:
        import xarray
    except ImportError as error:
        raise UsageError("landmarks: xarray is not installed; run pip install vidpose[xarray]") from error

    people, times_s, keypoints = (list(dict.fromkeys(table[name])) for name in ("person", "time_s", "keypoint"))
    shape = (len(people), len(times_s), len(keypoints))

    def series(column: str) -> FloatArray:
        return table[column].to_numpy(np.float64, na_value=np.nan).reshape(shape)  # sorted by person and frame

    def positions(kind: str) -> FloatArray:
        return np.stack([series(f"{axis}_{kind}_px") for axis in "xy"]).transpose(2, 0, 3, 1)

    dims = ("time", "space", "keypoints", "individuals")
    attributes: dict[str, Any] = {
        "source_software": "vidpose",
        "ds_type": "poses",
        "time_unit": "seconds",
        "source_file": (source / "landmarks.parquet").as_posix(),
    }
    if len(times_s) > 1:
        attributes["fps"] = round((len(times_s) - 1) / (times_s[-1] - times_s[0]), 6)
    return xarray.Dataset(
        {
            "position": (dims, positions("filtered")),
            "confidence": ((dims[0], *dims[2:]), series("visibility").transpose(1, 2, 0)),
            "raw_position": (dims, positions("raw")),
        },
        coords={
            "time": times_s,
            "space": ["x", "y"],
            "keypoints": keypoints,
            "individuals": [f"person_{number}" for number in people],
        },
        attrs=attributes,
    )
