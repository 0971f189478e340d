"""Pictures and YOLO networks that are made by hand, so that every output is known."""

import numpy as np
import yaml

from vidpose.pose.yolo.store import ConvertedModel, converted_model
from vidpose.types.picture import BT601, Picture

COCO = (17, 3)


def picture(rgb, rotation_deg=0, colour=BT601):
    """The picture whose upright view is ``rgb``, shape (H, W, 3), 0 to 255; stored turned, chroma halved."""
    matrix, offset = colour.to_rgb()
    yuv = (np.asarray(rgb, dtype=np.float64) - offset) @ np.linalg.inv(matrix).T
    stored = np.rot90(yuv, rotation_deg // 90)  # rot90 turns counterclockwise, showing turns clockwise
    height, width = stored.shape[:2]
    even = np.pad(stored, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    halved = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2, 3).mean(axis=(1, 3))
    y, u, v = (
        np.ascontiguousarray(np.rint(plane).clip(0, 255).astype(np.uint8))
        for plane in (stored[..., 0], halved[..., 1], halved[..., 2])
    )
    upright = np.asarray(rgb, dtype=np.uint8)
    return Picture(y, u, v, rotation_deg, colour, upright.copy)


def spot(size_px, centre_px, radius_px=20, value=255):
    """A black RGB picture with a disc; position (0, 0) is the picture's corner."""
    width, height = size_px
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    inside = np.hypot(x - centre_px[0], y - centre_px[1]) <= radius_px
    return np.repeat(np.where(inside, value, 0)[..., None], 3, axis=2).astype(np.uint8)


def save(folder, build, *, names=("person",), keypoints=None, chooses=False, size_px=None, task=None):
    """Write a network and its metadata as ultralytics does.

    ``build(rgb)`` gets the input, (1, 3, h, w), and returns the output. ``size_px`` None leaves h and w open.
    """
    import openvino as ov
    import openvino.opset13 as ops

    shape = ov.PartialShape([1, 3, -1, -1]) if size_px is None else ov.PartialShape([1, 3, size_px[1], size_px[0]])
    rgb = ops.parameter(shape, np.float32, name="images")
    folder.mkdir(parents=True, exist_ok=True)
    ov.save_model(ov.Model([ops.result(build(rgb))], [rgb], "made"), folder / "made.xml", compress_to_fp16=False)
    said = {
        "task": task or ("pose" if keypoints else "detect"),
        "stride": 32,
        "names": dict(enumerate(names)),
        "args": {"nms": False, "dynamic": size_px is None},
        "end2end": chooses,
        "imgsz": [640, 640],
    }
    if keypoints:
        said["kpt_shape"] = list(keypoints)
    (folder / "metadata.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    return folder


def opened(folder) -> ConvertedModel:
    return converted_model(str(folder))


def says(values):
    """A network that answers ``values`` whatever it sees."""

    def build(rgb):
        import openvino.opset13 as ops

        nothing = ops.multiply(ops.reduce_mean(rgb, np.array([0, 1, 2, 3])), np.float32(0))
        return ops.add(ops.constant(np.asarray(values, dtype=np.float32)), nothing)

    return build


def shows(rgb):
    """A network that answers its input."""
    import openvino.opset13 as ops

    return ops.multiply(rgb, np.float32(1))


def finds_spot(rgb):
    """A network for one person: a box of 40 x 60 and 17 keypoints around the middle of what is brighter than 0.6.

    Layout of candidates, (1, 56, 1). The confidence is 0.9 where there is something bright, and 0 elsewhere. Keypoint k
    lies at (k - 8, 2 k - 16) from the middle, confidence 0.8; keypoint 3 is (0, 0).
    """
    import openvino.opset13 as ops

    bright = ops.relu(ops.subtract(ops.reduce_mean(rgb, np.array([1]), keep_dims=False), np.float32(0.6)))
    sizes = ops.shape_of(bright, "i64")

    def middle(axis):
        length = ops.gather(sizes, np.int64(axis), np.int64(0))
        places = ops.add(ops.range(np.float32(0), ops.convert(length, "f32"), np.float32(1), "f32"), np.float32(0.5))
        across = ops.reduce_sum(bright, np.array([0, 3 - axis]), keep_dims=False)
        return ops.divide(ops.reduce_sum(ops.multiply(across, places), np.array([0]), keep_dims=True), total)

    total = ops.add(ops.reshape(ops.reduce_sum(bright, np.array([0, 1, 2])), np.array([1]), False), np.float32(1e-6))
    x, y = middle(2), middle(1)
    score = ops.multiply(ops.clamp(ops.multiply(total, np.float32(1e3)), 0.0, 1.0), np.float32(0.9))
    score = ops.multiply(score, ops.convert(ops.greater(total, np.float32(1e-3)), "f32"))
    rows = [x, y, ops.constant(np.float32([40])), ops.constant(np.float32([60])), score]
    for k in range(17):
        if k == 3:
            rows += [ops.constant(np.float32([0]))] * 2
        else:
            rows += [ops.add(x, np.float32(k - 8)), ops.add(y, np.float32(2 * k - 16))]
        rows.append(ops.constant(np.float32([0.8])))
    return ops.reshape(ops.concat(rows, 0), np.array([1, 56, 1]), False)
