"""Where BlazePose's two networks are found on this machine: a ``.task`` file, mediapipe 0.10, or the cache.

The networks are TensorFlow Lite files. A ``.task`` file is a zip archive of the two; mediapipe up to 0.10 carries them
one by one, mediapipe 1 carries none. They are found without importing mediapipe and without network;
:mod:`vidpose.pose.fetching` puts them into the cache.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from typing import IO, Final

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.official_models import DETECTOR_FILE, PUBLISHED, VARIANTS, landmarks_file, task_name

DETECTOR_MEMBER, LANDMARKS_MEMBER = "pose_detector.tflite", "pose_landmarks_detector.tflite"
_TFLITE_MARK: Final = b"TFL3"  # the file identifier in bytes 4 to 8 of a TensorFlow Lite flatbuffer


@dataclass(frozen=True, slots=True)
class PoseModels:
    """The networks that find and follow a body.

    Attributes
    ----------
    detector, landmarks
        Contents of the two ``.tflite`` files.
    detector_name, landmarks_name
        Their file names, in the archive or in the wheel.
    source
        Where they were found, for messages: a path, or the name of a package with its version.
    detector_sha256, landmarks_sha256
        SHA-256 of the contents, hexadecimal.
    """

    detector: bytes = field(repr=False)
    landmarks: bytes = field(repr=False)
    detector_name: str
    landmarks_name: str
    source: str
    detector_sha256: str = field(init=False)
    landmarks_sha256: str = field(init=False)

    def __post_init__(self) -> None:
        for name in ("detector", "landmarks"):
            content = getattr(self, name)
            if content[4:8] != _TFLITE_MARK:
                raise EstimatorError(
                    f"{self.source}: {getattr(self, name + '_name')} is not a TensorFlow Lite model; "
                    "fetch the file again"
                )
            object.__setattr__(self, name + "_sha256", hashlib.sha256(content).hexdigest())

    @property
    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each network by its file name."""
        return {self.detector_name: self.detector_sha256, self.landmarks_name: self.landmarks_sha256}


def pose_models(settings: PoseSettings) -> PoseModels:
    """Read the networks that the settings ask for.

    ``settings.model`` is taken when given. Otherwise those of ``settings.model_complexity`` are looked for in the
    installed mediapipe package, then in the cache.

    Raises
    ------
    EstimatorError
        When there are none, or the file is not what it should be.
    """
    if settings.model is not None:
        if not settings.model.is_file():
            raise EstimatorError(f"pose_model: expected a .task file at {settings.model}, found none")
        return read_task(settings.model)
    found = local_models(settings.model_complexity)
    if found is None:
        variant = VARIANTS[settings.model_complexity]
        raise EstimatorError(
            f"the BlazePose networks for model_complexity {settings.model_complexity} ({variant}) are not in "
            f"{cache_folder()}; run: vidpose models fetch {variant}, or give --pose_model FILE.task"
        )
    return found


def local_models(complexity: int) -> PoseModels | None:
    """Return the networks of this ``model_complexity`` that mediapipe or the cache holds; None when neither does."""
    return installed_models(complexity) or cached_models(VARIANTS[complexity])


def model_hashes(settings: PoseSettings) -> dict[str, str]:
    """Return the SHA-256 of both networks by file name, as cache keys and provenance records hold them."""
    return pose_models(settings).hashes


_MAX_NETWORK_BYTES: Final = 256 << 20
"""Ours: the largest network takes 26 MiB."""
_MAX_MEMBERS: Final = 64


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where fetched networks lie, whether it is there or not."""
    cache = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "vidpose" / "models"


def read_cached(name: str) -> bytes | None:
    """Return the content of a published file in the cache; None when it is missing, damaged or another file."""
    try:
        content = (cache_folder() / name).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() in PUBLISHED[name].sha256 else None


def cached_models(variant: str) -> PoseModels | None:
    """Read a variant's networks from the cache: both files, or else Google's ``.task`` file; None when neither is."""
    names = DETECTOR_FILE, landmarks_file(variant)
    detector, landmarks = (read_cached(name) for name in names)
    if detector is not None and landmarks is not None:
        return PoseModels(detector, landmarks, *names, str(cache_folder()))
    task = task_name(variant)
    return None if read_cached(task) is None else read_task(cache_folder() / task)


def read_task(file: Path) -> PoseModels:
    """Read both networks out of a ``.task`` file.

    Raises
    ------
    EstimatorError
        When the file is missing, is no zip archive, is damaged or lacks a network.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:_MAX_MEMBERS]
            for member in (DETECTOR_MEMBER, LANDMARKS_MEMBER):
                if member not in names:
                    raise EstimatorError(
                        f"{file}: expected the members {DETECTOR_MEMBER} and {LANDMARKS_MEMBER} of a pose landmarker, "
                        f"found {', '.join(names) or 'nothing'}"
                    )
                if archive.getinfo(member).file_size > _MAX_NETWORK_BYTES:
                    size, most = archive.getinfo(member).file_size / 2**20, _MAX_NETWORK_BYTES >> 20
                    raise EstimatorError(f"{file}: {member} unpacks to {size:.0f} MiB, at most {most} MiB are read")
            detector, landmarks = (archive.read(member) for member in (DETECTOR_MEMBER, LANDMARKS_MEMBER))
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise EstimatorError(f"{file}: expected a .task file (a zip archive of two networks): {error}") from error
    return PoseModels(detector, landmarks, DETECTOR_MEMBER, LANDMARKS_MEMBER, str(file))


def write_task(models: PoseModels, file: Path | IO[bytes]) -> None:
    """Write both networks into a new ``.task`` file, uncompressed as mediapipe requires; same bytes every time."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(DETECTOR_MEMBER), models.detector)
        archive.writestr(zipfile.ZipInfo(LANDMARKS_MEMBER), models.landmarks)


def models_in_package(modules: Path, complexity: int, source: str) -> PoseModels | None:
    """Read the networks out of the ``modules`` folder of an unpacked mediapipe wheel; None when it lacks one."""
    detector = modules / "pose_detection" / DETECTOR_FILE
    landmarks = modules / "pose_landmark" / landmarks_file(VARIANTS[complexity])
    if not (detector.is_file() and landmarks.is_file()):
        return None
    return PoseModels(detector.read_bytes(), landmarks.read_bytes(), detector.name, landmarks.name, source)


def package_folder() -> Path | None:
    """Return where mediapipe is installed, without importing it; None when it is not."""
    spec = util.find_spec("mediapipe")
    return None if spec is None or spec.origin is None else Path(spec.origin).parent


def installed_models(complexity: int) -> PoseModels | None:
    """Read the networks that the installed mediapipe carries; None when it has none with this ``model_complexity``."""
    folder = package_folder()
    if folder is None:
        return None
    return models_in_package(folder / "modules", complexity, f"mediapipe {metadata.version('mediapipe')}")
