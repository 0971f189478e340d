"""Editing BlazePose's networks in OpenVINO: inputs, outputs, precisions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.blazepose.colour import colour_terms
from vidpose.types.picture import YuvColour

_JOINT: Final = "joint"
_MEAN_FLOOR: Final = np.array([0.0, 0.5, 0.5, 0.5, 0.5])  # what flooring takes off; levels are whole already


def parsed(core: Any, model: bytes) -> Any:
    """Read a TensorFlow Lite file; OpenVINO reads it from the disk only."""
    with tempfile.TemporaryDirectory(prefix="vidpose-") as folder:
        file = Path(folder) / "network.tflite"
        file.write_bytes(model)
        try:
            return core.read_model(file)
        except RuntimeError as error:
            raise EstimatorError(f"OpenVINO cannot read the pose model; fetch the file again ({error})") from error


def byte_planes(network: Any) -> Any:
    """Return a new input for a network's pictures: three planes of bytes, shape (1, 3, H, W)."""
    import openvino.opset13 as ops

    _, height_px, width_px, _ = network.get_parameters()[0].get_output_shape(0)
    return ops.parameter([1, 3, height_px, width_px], np.uint8)


def rgb_levels(planes: Any, colour: YuvColour, exact: bool) -> Any:
    """Turn luma levels, U and V into R, G and B from 0 to 255, shape (1, 3, H, W).

    ``exact`` floors as MediaPipe's pictures are floored. In bfloat16 whole numbers would not stay whole, so there the
    mean of what flooring takes off is taken off instead.
    """
    import openvino.opset13 as ops

    terms, levels = colour_terms(colour), ops.convert(planes, "f32")
    if exact:
        floored = ops.floor(ops.add(_mixed(levels, terms.products), _per_channel(terms.offsets)))
        return ops.clamp(_mixed(floored, terms.sums), 0.0, 255.0)
    offsets = terms.sums @ (terms.offsets - _MEAN_FLOOR)
    return ops.clamp(ops.add(_mixed(levels, terms.sums @ terms.products), _per_channel(offsets)), 0.0, 255.0)


def feed(network: Any, levels: Any, low: float, high: float) -> None:
    """Replace a network's input by red, green and blue; 0 becomes ``low`` and 255 ``high``."""
    import openvino.opset13 as ops

    scaled = ops.add(ops.multiply(levels, np.float32((high - low) / 255.0)), np.float32(low))
    rows = ops.transpose(scaled, np.array([0, 2, 3, 1]))
    for reader in list(network.get_parameters()[0].output(0).get_target_inputs()):
        reader.replace_source_output(rows.output(0))


def outputs_with(network: Any, shapes: tuple[tuple[int, ...], ...]) -> list[Any]:
    """Return the outputs with these shapes; names differ between the files in circulation, shapes do not."""
    by_shape = {tuple(result.get_output_shape(0)): result.input_value(0) for result in network.get_results()}
    missing = [shape for shape in shapes if shape not in by_shape]
    if missing:
        raise EstimatorError(
            f"pose model: expected outputs of shapes {missing}, found {sorted(by_shape)}; give the .task file of a "
            "pose landmarker (vidpose models check FILE says what a file holds)"
        )
    return [by_shape[shape] for shape in shapes]


def cut_before_tail(whole: Any, outputs: list[Any]) -> tuple[Any, Any, list[bool]]:
    """Cut a landmark network open behind its last 4x4 stage.

    Returns
    -------
    tuple
        The value at the cut, the tail's new input, and for each output whether the tail computes it.
    """
    import openvino.opset13 as ops

    pools = [node for node in whole.get_ordered_ops() if node.get_type_name() == "MaxPool"]
    if not pools:
        raise EstimatorError("precision fast: expected a BlazePose landmark network; use --precision f32")
    seam = min(pools, key=lambda node: node.get_output_shape(0)[-1]).input_value(0)
    joint = ops.parameter(list(seam.get_shape()), np.float32, name=_JOINT)
    for reader in list(seam.get_target_inputs()):
        reader.replace_source_output(joint.output(0))
    return seam, joint, [_follows_joint(output.get_node()) for output in outputs]


def _follows_joint(node: Any) -> bool:
    waiting, seen = [node], set()
    while waiting:
        node = waiting.pop()
        name = node.get_friendly_name()
        if name == _JOINT:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(value.get_node() for value in node.input_values())
    return False


def _mixed(planes: Any, weights: Any) -> Any:
    """Mix channels: a 1x1 convolution with weights of shape (channels out, channels in)."""
    import openvino.opset13 as ops

    kernel = ops.constant(weights.astype(np.float32)[:, :, np.newaxis, np.newaxis])
    return ops.convolution(planes, kernel, [1, 1], [0, 0], [0, 0], [1, 1])


def _per_channel(values: Any) -> Any:
    import openvino.opset13 as ops

    return ops.constant(values.astype(np.float32).reshape(1, -1, 1, 1))
