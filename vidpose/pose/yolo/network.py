"""Running a converted YOLO network with OpenVINO on the planes of a picture.

The conversion of Y, U and V to RGB and the grey margins are put in front of the network, so that its input is the
scaled planes. A network for pictures of any size is compiled for the size of the video: a wide picture costs 60 % of a
square one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from vidpose.errors import EstimatorError
from vidpose.pose.compiled import cached_per_thread
from vidpose.pose.yolo.detections import Detections, DetectionSettings, decode
from vidpose.pose.yolo.export import IMAGE_PX
from vidpose.pose.yolo.facts import NetworkFacts, read_facts
from vidpose.pose.yolo.letterbox import GREY, Letterbox
from vidpose.pose.yolo.store import ConvertedModel
from vidpose.types.arrays import ByteArray, Float32Array
from vidpose.types.picture import Picture, YuvColour

_N_COMPILED: Final = 4  # portrait and landscape pictures in two colour formats


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Where a network runs: ``device`` is ``"cpu"`` or ``"gpu"``; results do not depend on ``n_threads``."""

    device: str = "cpu"
    n_threads: int = 1


class YoloNetwork:
    """A network with its own buffers; the compiled network is shared within the thread.

    Parameters
    ----------
    model
        The network's files.
    run
        Where it runs.

    Attributes
    ----------
    facts
        What the network gives.
    """

    def __init__(self, model: ConvertedModel, run: RunSettings) -> None:
        self.facts: NetworkFacts = read_facts(model.folder)
        self._model = model
        self._run = run
        self._opened: tuple[tuple[int, int], YuvColour] | None = None
        self._request: Any = None
        self._planes: ByteArray | None = None
        self._letterbox: Letterbox | None = None

    def infer(self, picture: Picture) -> tuple[Float32Array, Letterbox]:
        """Return the output for one picture, overwritten by the next call, and where the picture lay in the input."""
        self._open(picture.size_px, picture.colour)
        assert self._letterbox is not None
        assert self._planes is not None
        self._letterbox.fill(picture, self._planes)
        self._request.infer()
        return self._request.get_output_tensor(0).data, self._letterbox

    def find(self, picture: Picture, settings: DetectionSettings) -> Detections:
        """Detect the people in a picture, in positions of the upright picture."""
        output, letterbox = self.infer(picture)
        found = decode(output, self.facts, settings)
        corners = letterbox.to_picture(found.boxes_px.reshape(-1, 2, 2))
        return replace(found, boxes_px=corners.reshape(-1, 4), keypoints_px=letterbox.to_picture(found.keypoints_px))

    def _open(self, size_px: tuple[int, int], colour: YuvColour) -> None:
        if self._opened == (size_px, colour):
            return
        import openvino as ov

        compiled, self._letterbox = _compiled(self._model, self.facts, size_px, colour, self._run)
        shape = (1, 3, self._letterbox.shown_height_px, self._letterbox.shown_width_px)
        buffer = np.zeros(shape, dtype=np.uint8)
        self._planes = buffer[0]
        self._request = compiled.create_infer_request()
        self._request.set_input_tensor(0, ov.Tensor(buffer, shared_memory=True))
        self._opened = (size_px, colour)


@cached_per_thread(_N_COMPILED)
def _compiled(
    model: ConvertedModel, facts: NetworkFacts, size_px: tuple[int, int], colour: YuvColour, run: RunSettings
) -> tuple[Any, Letterbox]:
    """Return the network for pictures of one size and colour format, and where they lie in its input."""
    import openvino as ov

    core = ov.Core()
    try:
        parsed = core.read_model(model.xml)
    except RuntimeError as error:
        raise EstimatorError(
            f"{model.xml}: OpenVINO cannot read it; delete the folder and run again ({error})"
        ) from error
    wanted = parsed.input(0).partial_shape
    if wanted.is_static:
        _, _, height_px, width_px = wanted.to_shape()
        letterbox = Letterbox.within(size_px, (width_px, height_px))
    else:
        letterbox = Letterbox.around(size_px, IMAGE_PX, facts.stride_px)
        parsed.reshape([1, 3, letterbox.input_height_px, letterbox.input_width_px])
    planes = _put_in_front(parsed, letterbox, colour)
    outputs = [result.input_value(0) for result in parsed.get_results()]
    options: dict[str, Any] = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1}
    if run.device == "cpu":
        # Pinning would put the networks of several processes on the same core.
        options |= {"INFERENCE_NUM_THREADS": run.n_threads, "ENABLE_CPU_PINNING": False}
    whole = ov.Model(outputs[:1], [planes], "yolo")
    return core.compile_model(whole, run.device.upper(), options), letterbox


def _put_in_front(parsed: Any, letterbox: Letterbox, colour: YuvColour) -> Any:
    """Replace the network's input, RGB from 0 to 1 with grey margins, by the scaled planes; return the new input."""
    import openvino.opset13 as ops

    (old,) = parsed.get_parameters()
    matrix, offset = colour.to_rgb()
    weights = (matrix / 255.0).astype(np.float32).reshape(3, 3, 1, 1)
    bias = (offset / 255.0).astype(np.float32).reshape(1, 3, 1, 1)
    box = letterbox
    planes = ops.parameter([1, 3, box.shown_height_px, box.shown_width_px], np.uint8, name="planes")
    rgb = ops.convolution(ops.convert(planes, "f32"), ops.constant(weights), [1, 1], [0, 0], [0, 0], [1, 1])
    rgb = ops.clamp(ops.add(rgb, ops.constant(bias)), 0.0, 1.0)
    after = (
        box.input_height_px - box.top_px - box.shown_height_px,
        box.input_width_px - box.left_px - box.shown_width_px,
    )
    framed = ops.pad(rgb, [0, 0, box.top_px, box.left_px], [0, 0, *after], "constant", ops.constant(np.float32(GREY)))
    for reader in list(old.output(0).get_target_inputs()):
        reader.replace_source_output(framed.output(0))
    return planes
