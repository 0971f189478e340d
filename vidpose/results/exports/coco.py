"""COCO keypoint results, and the table of the images that they are about.

What a model says is a prediction, so it is the list of results that pycocotools' ``loadRes`` takes, not ground truth:
the landmarks as estimated, not filtered. The table is a COCO data set without annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import orjson

from vidpose.results.exports.exporter import Entries, VideoExport
from vidpose.results.exports.note import FileNote
from vidpose.results.video_result import Person, Provenance, VideoResult, chunks
from vidpose.state.atomic import atomic_path
from vidpose.state.json_text import json_bytes
from vidpose.types.arrays import FloatArray
from vidpose.types.skeleton import LANDMARK_NAMES

COCO_LANDMARKS: Final = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
"""Which of the 33 landmarks COCO's 17 keypoints are, in COCO's order."""
_SKELETON: Final = [
    [16, 14], [14, 12], [17, 15], [15, 13], [12, 13], [6, 12], [7, 13], [6, 7], [6, 8], [7, 9],
    [8, 10], [9, 11], [2, 3], [1, 2], [1, 3], [2, 4], [3, 5], [4, 6], [5, 7],
]  # fmt: skip
CATEGORY: Final[dict[str, Any]] = {
    "id": 1,
    "name": "person",
    "supercategory": "person",
    "keypoints": [LANDMARK_NAMES[number] for number in COCO_LANDMARKS],
    "skeleton": _SKELETON,
}
_FRAME_BITS: Final = 24  # 77 hours at 60 frames per second
_HASH_DIGITS: Final = 7  # 28 bits more: ids stay below 2 ** 53, which every JSON reader keeps exact


def image_id(video_sha256: str, frame: int) -> int:
    """Return the image id of a frame: from the video's bytes, so that files of several videos can be put together.

    Parameters
    ----------
    video_sha256
        Hexadecimal.
    frame
        Number of the decoded frame, from 0.
    """
    return (int(video_sha256[:_HASH_DIGITS], 16) << _FRAME_BITS) + frame


def write_files(export: VideoExport) -> Entries:
    """See :class:`vidpose.results.exports.exporter.ExporterModule`."""
    predictions, images = export.folder / "coco_predictions.json", export.folder / "coco_images.json"
    n = write_coco_predictions(predictions, export.result, export.provenance)
    yield FileNote(predictions.name, "coco", None, "COCO keypoint results, as estimated", "px", n)
    n = write_coco_images(images, export.result, export.provenance)
    yield FileNote(images.name, "coco", None, "COCO images: id, video, frame, time", "px", n)


def write_coco_predictions(path: Path, result: VideoResult, provenance: Provenance) -> int:
    """Write one result per frame and person found; return how many.

    A keypoint is x, y in pixels and the model's confidence; one that the model does not give is 0, 0, 0, as COCO has
    it. The score is the mean confidence.

    Parameters
    ----------
    path
        The ``.json`` file to write.
    result
        The people.
    provenance
        Gives the video's hash.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        return _write_list(stream, _predictions(result, provenance.input_sha256))


def write_coco_images(path: Path, result: VideoResult, provenance: Provenance) -> int:
    """Write the table of the images, one per estimated frame, each with its video, frame and time; return how many.

    The file names are those that extracting the frames into a folder with the video's whole name would give, so that
    ``a.mp4`` and ``a.mov`` stay apart; no pictures are written.

    Parameters
    ----------
    path
        The ``.json`` file to write.
    result
        Gives frames and times.
    provenance
        Gives the video's name and hash.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        stream.write(b'{"info":' + json_bytes({"description": provenance.input_name, "version": "1.0"}))
        stream.write(b',\n"categories":' + json_bytes([CATEGORY]) + b',\n"annotations":[],\n"images":')
        n = _write_list(stream, _images(result, provenance))
        stream.write(b"}\n")
    return n


def _write_list(stream: BinaryIO, entries: Iterator[dict[str, Any]]) -> int:
    n = 0
    stream.write(b"[")
    for n, entry in enumerate(entries, start=1):
        stream.write((b",\n" if n > 1 else b"\n") + orjson.dumps(entry, option=orjson.OPT_SERIALIZE_NUMPY))
    stream.write(b"\n]")
    return n


def _predictions(result: VideoResult, sha256: str) -> Iterator[dict[str, Any]]:
    for part in chunks(result.n_frames):
        people = [(*_keypoints(person, part), person.track.found[part]) for person in result.people]
        for offset in range(part.stop - part.start):
            for keypoints, scores, found in people:
                if found[offset]:
                    yield {
                        "image_id": image_id(sha256, part.start + offset),
                        "category_id": CATEGORY["id"],
                        "keypoints": keypoints[offset],
                        "score": float(scores[offset]),
                    }


def _keypoints(person: Person, part: slice) -> tuple[FloatArray, FloatArray]:
    """Return x, y, confidence side by side, shape (frames, 51), and their mean confidence, shape (frames,)."""
    chosen = list(COCO_LANDMARKS)
    positions = np.round(person.track.image_px[part][:, chosen].astype(np.float64), 2)
    confidence = np.round(person.track.visibility[part][:, chosen].astype(np.float64), 3)
    triples = np.concatenate([positions, confidence[:, :, None]], axis=2)
    triples = np.where(np.isfinite(triples).all(axis=2, keepdims=True), triples, 0.0) + 0.0
    return np.ascontiguousarray(triples.reshape(len(triples), -1)), np.round(triples[:, :, 2].mean(axis=1), 4)


def _images(result: VideoResult, provenance: Provenance) -> Iterator[dict[str, Any]]:
    for frame in np.flatnonzero(_estimated(result)).tolist():
        yield {
            "id": image_id(provenance.input_sha256, frame),
            "file_name": f"{provenance.input_name}/{frame:06d}.jpg",
            "width": result.index.width_px,
            "height": result.index.height_px,
            "video": provenance.input_name,
            "frame": frame,
            "time_s": round(float(result.timestamps_s[frame]), 6),
        }


def _estimated(result: VideoResult) -> Any:
    estimated = [person.track.estimated for person in result.people]
    return np.any(estimated, axis=0) if estimated else np.ones(result.n_frames, np.bool_)
