"""The device and precision with which this machine can run the networks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import PoseSettings

_BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})


def resolved_device(settings: PoseSettings, devices: Sequence[str] | None = None) -> Literal["cpu", "gpu"]:
    """Return where the networks run.

    Parameters
    ----------
    settings
        Which device is requested; ``auto`` uses a GPU where there is one.
    devices
        OpenVINO's names of the devices; None asks it.

    Raises
    ------
    EstimatorError
        When a GPU is requested and OpenVINO finds none.
    """
    if settings.device == "cpu":
        return "cpu"
    devices = openvino_devices() if devices is None else devices
    if any(name.startswith("GPU") for name in devices):
        return "gpu"
    if settings.device == "gpu":
        raise EstimatorError(
            f"device gpu: OpenVINO finds no GPU, only {', '.join(devices)}; install the driver of an Intel GPU, or use "
            "--device cpu"
        )
    return "cpu"


def check_precision(settings: PoseSettings, cpu_flags: frozenset[str] | None = None) -> None:
    """Refuse ``fast`` where bfloat16 would be slower than f32.

    Raises
    ------
    EstimatorError
        When the processor has no bfloat16 arithmetic, or the networks run on a GPU.
    """
    if settings.precision != "fast":
        return
    if resolved_device(settings) != "cpu":
        raise EstimatorError("precision fast runs on the CPU only; use --precision f32, or --device cpu")
    flags = read_cpu_flags() if cpu_flags is None else cpu_flags
    if not flags & _BFLOAT16_FLAGS:
        raise EstimatorError(
            "precision fast needs a processor with avx512_bf16 or amx_bf16; this one has neither and would be slower "
            "than with f32; use --precision f32"
        )


@lru_cache(maxsize=1)
def openvino_devices() -> tuple[str, ...]:
    """Return OpenVINO's names of the devices it can use."""
    try:
        import openvino as ov
    except ImportError as error:
        raise EstimatorError(
            "openvino is not installed; run: pip install openvino, or use --estimator mediapipe"
        ) from error
    return tuple(ov.Core().available_devices)


def read_cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Return the processor's features by the names that Linux gives them; empty where it lists none."""
    if not cpuinfo.is_file():
        return frozenset()
    for line in cpuinfo.read_text().splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()
