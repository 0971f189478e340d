"""The program that ultralytics runs in: it fetches weights and converts them to OpenVINO.

::

    python -m vidpose.pose.yolo.export fetch FILE                FILE gets the weights that are published by its name
    python -m vidpose.pose.yolo.export convert WEIGHTS FOLDER    FOLDER gets the network and metadata.yaml

It runs in its own process, so that no other loads torch and its memory is released at the end. The rest of vidpose
does not import it; :mod:`vidpose.pose.yolo.store` starts it. ultralytics is AGPL-3.0.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

IMAGE_PX = 640
"""Longest side of the pictures that the published networks were trained with."""


def main(arguments: Sequence[str]) -> None:
    """Run the command line."""
    # ultralytics would otherwise install packages by itself while it runs.
    os.environ["YOLO_AUTOINSTALL"] = "False"
    match list(arguments):
        case ["fetch", file]:
            fetch(Path(file))
        case ["convert", weights, folder]:
            convert(Path(weights), Path(folder))
        case _:
            raise SystemExit(__doc__)


def fetch(file: Path) -> None:
    """Download the weights that ultralytics publishes under the file's name."""
    from ultralytics.utils import SETTINGS

    SETTINGS["sync"] = False  # no usage statistics
    from ultralytics.utils.downloads import attempt_download_asset

    attempt_download_asset(str(file))
    if not file.is_file():
        raise SystemExit(f"ultralytics publishes no weights named {file.name}")


def convert(weights: Path, folder: Path) -> None:
    """Convert weights to a network for pictures of any size, in single precision.

    ``nms=False`` leaves the choice of the best boxes to the network where it was trained for that (YOLO26), and
    adds none where it was not; both kinds are read by :mod:`vidpose.pose.yolo.detections`.
    """
    os.environ["YOLO_OFFLINE"] = "True"  # neither downloads nor usage statistics
    from ultralytics import YOLO

    made = Path(YOLO(weights).export(format="openvino", imgsz=IMAGE_PX, dynamic=True, nms=False))
    made.rename(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
