"""Description of a converted network, from the ``metadata.yaml`` beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidpose.errors import EstimatorError
from vidpose.state.bounded_reading import read_yaml

N_COCO_KEYPOINTS: Final = 17
METADATA_NAME: Final = "metadata.yaml"
_TASKS: Final = ("detect", "pose")


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """How to read the outputs of a network.

    Attributes
    ----------
    task
        ``"detect"``: boxes; ``"pose"``: boxes with keypoints.
    stride_px
        The sides of the network's input are multiples of it.
    n_classes
        Number of classes.
    person_class
        Number of the class "person".
    keypoint_shape
        Keypoints per person and values per keypoint, (17, 3) for COCO; (0, 0) without keypoints.
    chooses
        True when the network itself selects the boxes to keep, so that none has to be merged.
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
        When the file is missing or damaged, or the network detects neither people nor poses.
    """
    file = folder / METADATA_NAME
    try:
        described: Any = read_yaml(file)
        task, names = str(described["task"]), {int(key): str(name) for key, name in described["names"].items()}
        n_keypoints, n_values = (int(n) for n in described.get("kpt_shape") or (0, 0))
        chooses = bool(described.get("end2end")) or bool((described.get("args") or {}).get("nms"))
        stride_px = int(described["stride"])
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
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
    """Return the class named person; a network with a single class is assumed to detect people."""
    if len(names) == 1:
        return next(iter(names))
    for number, name in names.items():
        if name.lower() == "person":
            return number
    raise EstimatorError(
        f"{file}: expected a class named person, found {', '.join(list(names.values())[:8])}; use another model"
    )
