"""Devices and precisions: what is there is used, what is not there is refused with a way out."""

import pytest

from vidpose.errors import EstimatorError
from vidpose.pose.blazepose.hardware import check_precision, read_cpu_flags, resolved_device
from vidpose.pose.estimator import PoseSettings

CPU = PoseSettings(device="cpu")
FAST = PoseSettings(device="cpu", precision="fast")


def test_a_processor_is_a_processor():
    assert resolved_device(CPU) == "cpu"


@pytest.mark.parametrize(
    ("device", "devices", "resolved"),
    [("auto", ("CPU",), "cpu"), ("auto", ("CPU", "GPU"), "gpu"), ("gpu", ("CPU", "GPU.0", "GPU.1"), "gpu")],
)
def test_a_gpu_is_taken_when_there_is_one(device, devices, resolved):
    assert resolved_device(PoseSettings(device=device), devices) == resolved


def test_a_gpu_that_is_not_there_is_refused():
    with pytest.raises(EstimatorError, match=r"finds no GPU, only CPU; .*--device cpu"):
        resolved_device(PoseSettings(device="gpu"), ("CPU",))


def test_f32_runs_everywhere():
    check_precision(CPU, frozenset())


@pytest.mark.parametrize("flag", ["avx512_bf16", "amx_bf16"])
def test_fast_runs_where_bfloat16_is_native(flag):
    check_precision(FAST, frozenset({"avx2", flag}))


def test_fast_is_refused_elsewhere():
    with pytest.raises(EstimatorError, match=r"avx512_bf16 or amx_bf16.*--precision f32"):
        check_precision(FAST, frozenset({"avx2", "avx512f"}))


def test_flags_are_read_as_linux_writes_them(tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\nbugs\t\t:\n\nprocessor\t: 1\nflags\t\t: fpu\n")
    assert read_cpu_flags(cpuinfo) == {"fpu", "avx2", "avx512_bf16"}
    assert read_cpu_flags(tmp_path / "absent") == frozenset()
