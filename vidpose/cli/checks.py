"""The checks of ``vidpose doctor`` that process no video."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

Verdict = Literal["ok", "note", "bad"]
DECODERS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg")
ENCODERS = ("libx264", "aac")
MIB, GIB = 2**20, 2**30
_SHOWN = ("mediapipe", "openvino", "av", "dask", "ray", "numpy")
_CAN_BE_ABSENT = {"mediapipe": "only --estimator mediapipe needs it"}


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check: ``note`` is worth knowing, ``bad`` must be fixed."""

    name: str
    verdict: Verdict
    result: str


def machine_checks(memory_limit: float | None) -> Iterator[Check]:
    """Check Python, packages, models, memory, codecs and disk."""
    yield from _python()
    yield from _packages()
    yield from _models()
    yield from _memory(memory_limit)
    yield from _codecs()
    yield from _disk()


def _python() -> Iterator[Check]:
    good = (3, 11) <= sys.version_info[:2] <= (3, 14)
    result = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    yield Check("Python", "ok" if good else "bad", result + ("" if good else " (expected Python 3.11 to 3.14)"))


def _packages() -> Iterator[Check]:
    from packaging.requirements import Requirement

    try:
        lines = metadata.requires("vidpose") or []
    except metadata.PackageNotFoundError:
        yield Check("packages", "bad", "vidpose is not installed here; run: pip install .")
        return
    wrong, absent = [], []
    for requirement in (Requirement(line) for line in lines):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        version = _version(requirement.name)
        if version is None and requirement.name in _CAN_BE_ABSENT:
            absent.append(requirement.name)
        elif version is None or not requirement.specifier.contains(version):
            wrong.append(f"{requirement} expected, {version or 'nothing'} installed")
    main = ", ".join(f"{name} {_version(name)}" for name in _SHOWN if _version(name) is not None)
    yield Check("packages", "bad" if wrong else "ok", "; ".join(wrong) if wrong else main)
    for name in absent:
        yield Check("packages", "note", f"{name} is not installed; {_CAN_BE_ABSENT[name]}")


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _models() -> Iterator[Check]:
    from vidpose.errors import EstimatorError
    from vidpose.pose.estimator import PoseSettings
    from vidpose.pose.models import cache_folder, local_models
    from vidpose.pose.official_models import known_network
    from vidpose.pose.opening import describe_estimator

    if local_models(PoseSettings().model_complexity) is None:
        yield Check("pose model", "note", f"not yet in {cache_folder()}; the first run fetches it (9 MB)")
        return
    try:
        info = describe_estimator(PoseSettings())
    except EstimatorError as error:
        yield Check("pose model", "bad", str(error))
        return
    for name, sha256 in info.models.items():
        known = known_network(sha256)
        result = f"{name} SHA-256 {sha256[:16]}…, {known or 'not a tested one'}"
        yield Check("pose model", "ok" if known else "note", result)


def _memory(memory_limit: float | None) -> Iterator[Check]:
    from vidpose.config import Settings
    from vidpose.errors import MemoryLimitError
    from vidpose.governor.limits import LimitReader, LimitSettings
    from vidpose.governor.predict import UnitShape, first_guess_bytes
    from vidpose.governor.worker_plan import plan_workers

    fraction = Settings.model_fields["memory_limit"].default if memory_limit is None else memory_limit
    limit = LimitReader(LimitSettings(fraction)).read(0)
    yield Check("memory limit", "ok", f"{limit.limit_bytes / MIB:.0f} MiB: {limit.why}")
    batch = Settings.model_fields["batch_size"].default
    unit_bytes = first_guess_bytes(UnitShape("pose", 1920, 1080, "h264", batch))
    try:
        plan = plan_workers(limit, None, os.cpu_count() or 1, unit_bytes, "dask")
    except MemoryLimitError as error:
        yield Check("workers for 1080p", "bad", str(error))
    else:
        yield Check("workers for 1080p", "ok", plan.why)
    store = Path("/dev/shm")  # where Ray keeps its object store on Linux
    if store.is_dir() and shutil.disk_usage(store).total < 80 * MIB:
        yield Check("shared memory", "note", "/dev/shm is below 80 MiB; Ray falls back to the disk")


def _codecs() -> Iterator[Check]:
    import av
    from av.codec.codec import Codec, UnknownCodecError

    def can_open(name: str, mode: Literal["r", "w"]) -> bool:
        try:
            Codec(name, mode)
        except UnknownCodecError:
            return False
        return True

    version = ".".join(str(part) for part in av.library_versions["libavcodec"])
    for names, mode, needed in ((DECODERS, "r", ("h264",)), (ENCODERS, "w", ENCODERS)):
        missing = [name for name in names if not can_open(name, "r" if mode == "r" else "w")]
        verdict: Verdict = "bad" if set(missing) & set(needed) else "note" if missing else "ok"
        what = "decoders" if mode == "r" else "encoders"
        result = f"libavcodec {version}: " + ", ".join(name for name in names if name not in missing)
        yield Check(f"ffmpeg {what}", verdict, result + (f"; missing {', '.join(missing)}" if missing else ""))


def _disk() -> Iterator[Check]:
    free = shutil.disk_usage(Path.cwd()).free
    yield Check("disk", "ok" if free > GIB else "note", f"{free / GIB:.0f} GiB free in {Path.cwd()}")
