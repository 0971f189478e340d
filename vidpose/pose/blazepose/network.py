"""Running BlazePose's networks: unneeded outputs removed, colour conversion in front, buffers reused.

The TensorFlow Lite files expect RGB pictures. Here they get luma levels, U and V as planes of bytes and convert them to
RGB inside the network, which costs almost nothing there. Unneeded outputs are not computed: the mask of the person
alone is 40 % of the landmark network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from vidpose.pose.blazepose.graph import byte_planes, cut_before_tail, feed, outputs_with, parsed, rgb_levels
from vidpose.pose.compiled import cached_per_thread
from vidpose.types.arrays import ByteArray, Float32Array
from vidpose.types.picture import YuvColour

_N_COMPILED: Final = 8  # detector and landmarks for the three colour formats of most folders, and spare


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """How a network is fed, cut and run; also the key of compiled networks.

    Attributes
    ----------
    outputs
        Shapes of the outputs to keep, in order.
    low, high
        Values of black and white that the network was trained with.
    precision
        ``"f32"``, or ``"fast"``: bfloat16 up to the last 4x4 stage, f32 behind it.
    device
        ``"cpu"`` or ``"gpu"``.
    n_threads
        Threads of one inference on the CPU; results do not depend on it.
    """

    outputs: tuple[tuple[int, ...], ...]
    low: float
    high: float
    precision: str
    device: str
    n_threads: int


class Network:
    """A network with its own input and output buffers; the compiled network is shared within the thread.

    Parameters
    ----------
    model
        Contents of a ``.tflite`` file.
    plan
        How it is run.
    colour
        What the planes' numbers mean.
    """

    def __init__(self, model: bytes, plan: NetworkPlan, colour: YuvColour) -> None:
        import openvino as ov

        compiled = _compiled(model, plan, colour)
        self._requests = [part.create_infer_request() for part in compiled.parts]
        self.planes: ByteArray = np.zeros(tuple(compiled.parts[0].input(0).shape)[1:], dtype=np.uint8)
        self._requests[0].set_input_tensor(0, ov.Tensor(self.planes[np.newaxis], shared_memory=True))
        for first, second in zip(self._requests, self._requests[1:], strict=False):
            second.set_input_tensor(0, first.get_output_tensor(0))
        self.outputs: list[Float32Array] = [
            self._requests[part].get_output_tensor(number).data[0] for part, number in compiled.outputs
        ]

    def infer(self) -> Sequence[Float32Array]:
        """Run the network on :attr:`planes`, shape (3, n, n); the outputs are overwritten by the next call."""
        for request in self._requests:
            request.infer()
        return self.outputs


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A chain of networks, the first output of each being the input of the next.

    ``outputs`` are (number of the part, number of its output) in the order of the plan.
    """

    parts: tuple[Any, ...]
    outputs: tuple[tuple[int, int], ...]


@cached_per_thread(_N_COMPILED)
def _compiled(model: bytes, plan: NetworkPlan, colour: YuvColour) -> _Compiled:
    import openvino as ov

    core = ov.Core()
    network = parsed(core, model)
    wanted = outputs_with(network, plan.outputs)
    planes = byte_planes(network)
    feed(network, rgb_levels(planes, colour, exact=plan.precision == "f32"), plan.low, plan.high)
    if plan.precision == "fast":
        return _in_two_precisions(core, planes, wanted, plan)
    whole = core.compile_model(ov.Model(wanted, [planes], "whole"), plan.device.upper(), _options(plan, "f32"))
    return _Compiled((whole,), tuple((0, number) for number in range(len(wanted))))


def _in_two_precisions(core: Any, planes: Any, wanted: list[Any], plan: NetworkPlan) -> _Compiled:
    """Compile the network's trunk in bfloat16, and what follows its last 4x4 stage in f32.

    The last layers sum large numbers that nearly cancel: in bfloat16 the world landmarks would be off by 10 cm.
    """
    import openvino as ov

    seam, joint, in_tail = cut_before_tail(ov.Model(wanted, [planes], "whole"), wanted)
    trunk_outputs = [seam, *(output for output, tail in zip(wanted, in_tail, strict=True) if not tail)]
    tail_outputs = [output for output, tail in zip(wanted, in_tail, strict=True) if tail]
    chain = (
        (ov.Model(trunk_outputs, [planes], "trunk"), "bf16"),
        (ov.Model(tail_outputs, [joint], "tail"), "f32"),
    )
    parts = tuple(core.compile_model(part, "CPU", _options(plan, precision)) for part, precision in chain)
    numbers = {False: iter(range(1, len(trunk_outputs))), True: iter(range(len(tail_outputs)))}
    return _Compiled(parts, tuple((int(tail), next(numbers[tail])) for tail in in_tail))


def _options(plan: NetworkPlan, precision: str) -> dict[str, Any]:
    """Return OpenVINO's settings; pinning would put the networks of several processes on the same core."""
    options: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision, "NUM_STREAMS": 1}
    if plan.device == "cpu":
        options |= {"INFERENCE_NUM_THREADS": plan.n_threads, "ENABLE_CPU_PINNING": False}
    return options
