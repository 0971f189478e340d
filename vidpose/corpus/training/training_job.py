"""What to train and how: the settings, and the job file that a child process reads."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from vidpose.corpus.settings.training import TrainingSettings
from vidpose.hashing import file_sha256
from vidpose.planning.keys import fingerprint, plain
from vidpose.state.atomic import write_bytes

TRAINING_STAGE: Final = 1
"""Raised by hand when the code of training changes its results."""

Stage = Literal["prepare", "before", "fit", "after", "merge"]
STAGES: Final[tuple[Stage, ...]] = ("prepare", "before", "fit", "after", "merge")
"""In this order; each leaves files behind by which a later run knows that it is done."""

_WITHOUT_EFFECT: Final = ("examples_at_once", "n_threads", "n_gpus", "merge")
"""Settings that change how and where, not what is learnt: they are left out of a run's name."""


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """Everything that a child process needs to know.

    Attributes
    ----------
    dataset
        Folder of the data set.
    dataset_sha256
        Hash by which that data set is known.
    folder
        Folder of the run; everything is written here.
    settings
        How to train.
    stages
        What this child does.
    examples_at_once
        Examples in memory at once, per process; divides that process's part of the batch.
    soft_limit_bytes
        Resident memory at which the child saves a checkpoint and leaves; 0 for no limit.
    recompute
        Whether activations are computed twice instead of kept: slower, smaller, same result.
    """

    dataset: Path
    dataset_sha256: str
    folder: Path
    settings: TrainingSettings
    stages: tuple[Stage, ...]
    examples_at_once: int
    soft_limit_bytes: int = 0
    recompute: bool = False

    @property
    def base(self) -> Path:
        """File that says which base model was resolved."""
        return self.folder / "base.json"

    @property
    def adapter(self) -> Path:
        """Folder of the trained adapter and its tokenizer."""
        return self.folder / "adapter"

    @property
    def merged(self) -> Path:
        """Folder of the model with the adapter merged into its weights."""
        return self.folder / "merged"

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.folder / "checkpoints"

    def evaluation(self, stage: Stage) -> Path:
        """File of the evaluation ``before`` or ``after``."""
        return self.folder / f"eval_{stage}.json"

    def write(self) -> Path:
        """Write the job file into the run's folder and return its path."""
        path = self.folder / "job.json"
        write_bytes(path, orjson.dumps(plain(self), option=orjson.OPT_INDENT_2))
        return path


def read_job(path: Path) -> TrainingJob:
    """Read what :meth:`TrainingJob.write` wrote."""
    fields: dict[str, Any] = orjson.loads(path.read_bytes())
    fields["settings"]["parts"] = tuple(fields["settings"]["parts"])
    fields["settings"] = TrainingSettings(**fields["settings"])
    fields |= {"dataset": Path(fields["dataset"]), "folder": Path(fields["folder"]), "stages": tuple(fields["stages"])}
    return TrainingJob(**fields)


def dataset_sha256(dataset: Path, parts: tuple[str, ...]) -> str:
    """Return the hash of the parquet files of ``parts``, by name and content."""
    total = hashlib.sha256()
    for part in parts:
        for path in sorted((dataset / "data" / part).glob("*.parquet")):
            total.update(f"{part}/{path.name}:{file_sha256(path)}\n".encode())
    return total.hexdigest()


def run_name(settings: TrainingSettings, data_sha256: str) -> str:
    """Return the folder name of a run: equal data and settings give an equal name, so that a rerun finds its place."""
    effective = {key: value for key, value in dataclasses.asdict(settings).items() if key not in _WITHOUT_EFFECT}
    key = fingerprint(stage=TRAINING_STAGE, dataset=data_sha256, settings=effective)
    model = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(settings.base_model.split("@")[0]).name).strip("-.") or "model"
    return f"{model}-{key[:10]}"


def smaller_share(batch_size: int, examples_at_once: int) -> int:
    """Return the largest divisor of ``batch_size`` below ``examples_at_once``, 0 when there is none."""
    return next((share for share in range(examples_at_once - 1, 0, -1) if batch_size % share == 0), 0)
