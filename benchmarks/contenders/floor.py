"""What no program can be faster than with these networks: decoding alone, and the landmark network alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.contenders.naive import N_WARM

N_INFERENCES = 600
SEGMENTATION = "Identity_2"
"""The output that is not used; it costs more than a third of the network."""


def decode(clips: list[Path], gate: Callable[[], None]) -> dict[str, Any]:
    """Decode the first clip with one thread; no picture is converted, scaled or even looked at."""
    import av

    with av.open(str(clips[0])) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.thread_type = "NONE"
        n_frames = 0
        for _ in container.decode(stream):
            n_frames += 1
            if n_frames == N_WARM:
                gate()
    return {"n_frames": n_frames - N_WARM}


def inference(gate: Callable[[], None], precision: str) -> dict[str, Any]:
    """Run the landmark network again and again on one picture of noise, with one thread and nothing around it."""
    request = network_request(precision)
    for _ in range(N_WARM):
        request.infer()
    gate()
    for _ in range(N_INFERENCES):
        request.infer()
    return {"n_frames": N_INFERENCES}


def network_request(precision: str) -> Any:
    """Return OpenVINO's request for the landmark network without its unused output, on a picture of noise.

    ``fast`` has all of it in bfloat16, which is a little faster than any network whose answers are still right.
    """
    import numpy as np
    import openvino

    from vidpose.pose.blazepose.graph import parsed
    from vidpose.pose.estimator import PoseSettings
    from vidpose.pose.models import pose_models

    core = openvino.Core()
    model = parsed(core, pose_models(PoseSettings()).landmarks)
    used = [output for output in model.outputs if output.get_any_name() != SEGMENTATION]
    settings = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "ENABLE_CPU_PINNING": False,
        "INFERENCE_PRECISION_HINT": "f32" if precision == "f32" else "bf16",
    }
    compiled = core.compile_model(openvino.Model(used, model.get_parameters()), "CPU", settings)
    request = compiled.create_infer_request()
    noise = np.random.default_rng(0).random((1, 256, 256, 3), dtype=np.float32)
    request.set_input_tensor(openvino.Tensor(noise, shared_memory=True))
    return request
