"""The interface of exporters: their input, and their description of the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.exports.markers import BodyScale, body_scale
from vidpose.results.exports.note import AbsentFile, FileNote
from vidpose.results.exports.resampling import UniformTimes
from vidpose.results.video_result import Person, Provenance, VideoResult

Entries: TypeAlias = Iterator[FileNote | AbsentFile]
"""What stands in ``exports.json`` of each file, written or absent."""


@dataclass(frozen=True, slots=True)
class VideoExport:
    """One video's results, and how they are to be written.

    Attributes
    ----------
    folder
        Where the files go.
    result
        The video's people, at the times of the real movement.
    provenance
        The video's name and hashes.
    settings
        Which files, and how.
    uniform
        Constant-rate times; None when there are none.
    scales
        Scale of each person by number, where it is known.
    """

    folder: Path
    result: VideoResult
    provenance: Provenance
    settings: ExportSettings
    uniform: UniformTimes | None
    scales: Mapping[int, BodyScale]

    def scale_of(self, person: Person) -> BodyScale:
        """Return the scale of a person; without metres when the person's height is not known."""
        return self.scales.get(person.id) or body_scale(person.analysis, None)


class ExporterModule(Protocol):
    """What a module named in :data:`~vidpose.results.exports.export_settings.EXPORTERS` has."""

    def write_files(self, export: VideoExport) -> Entries:
        """Write the files of one video, each atomically; yield what is in each, and what is absent."""
        ...


def without_times(file: str, kind: str, person: Person) -> AbsentFile:
    """Return that a file is absent because it needs constant-rate times.

    Parameters
    ----------
    file
        Its name.
    kind
        Its format.
    person
        Whose file it is.
    """
    return AbsentFile(file, kind, person.id, "too_short" if person.track.n_frames < 2 else "irregular_times")
