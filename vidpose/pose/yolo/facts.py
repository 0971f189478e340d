"""What the ``metadata.yaml`` beside a converted network says about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from vidpose.errors import EstimatorError

N_COCO_KEYPOINTS: Final = 17
METADATA_NAME: Final = "metadata.yaml"
_TASKS: Final = ("detect", "pose")


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """How the outputs of a network are to be read.

    Attributes
    ----------
    task
        ``"detect"``: boxes; ``"pose"``: boxes with keypoints.
    stride_px
        Sides of the network's input are multiples of it.
    n_classes
        How many kinds of things are told apart.
    person_class
        Number of the class "person".
    keypoint_shape
        Keypoints per person and values per keypoint, (17, 3) for COCO; (0, 0) without keypoints.
    chooses
        True when the network itself picks the boxes to keep, so that nothing is left to merge.
    """

    task: str
    stride_px: int
    n_classes: int
    person_class: int
    keypoint_shape: tuple[int, int]
    chooses: bool

    @property
    def has_coco_keypoints(self) -> bool:
        """True when the keypoints are those of COCO, with confidences."""
        return self.keypoint_shape == (N_COCO_KEYPOINTS, 3)


def read_facts(folder: Path) -> NetworkFacts:
    """Read the metadata in the folder of a converted network.

    Raises
    ------
    EstimatorError
        When the file is missing or damaged, or the network finds neither people nor poses.
    """
    file = folder / METADATA_NAME
    try:
        said: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        task, names = str(said["task"]), {int(key): str(name) for key, name in said["names"].items()}
        n_keypoints, n_values = (int(n) for n in said.get("kpt_shape") or (0, 0))
        chooses = bool(said.get("end2end")) or bool((said.get("args") or {}).get("nms"))
        stride_px = int(said["stride"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EstimatorError(
            f"{file}: expected the description that ultralytics writes beside a converted network ({error!r}); "
            "delete the folder and run again, or give the .pt file"
        ) from error
    if task not in _TASKS:
        raise EstimatorError(
            f"{file}: expected a network for {' or '.join(_TASKS)}, got one for {task}; use another model"
        )
    return NetworkFacts(task, stride_px, len(names), _person_class(names, file), (n_keypoints, n_values), chooses)


def _person_class(names: dict[int, str], file: Path) -> int:
    """Return the class called person; a network that knows a single class is taken to find people."""
    if len(names) == 1:
        return next(iter(names))
    for number, name in names.items():
        if name.lower() == "person":
            return number
    raise EstimatorError(
        f"{file}: expected a class named person, found {', '.join(list(names.values())[:8])}; use another model"
    )
