"""What a finished run leaves beside the adapter: the evaluation, the curves, the model's card and its run record."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import platform
import sys
from pathlib import Path
from typing import Any, Final

import orjson

import vidpose
from vidpose.corpus.settings.training import TrainingSettings
from vidpose.corpus.training.base_model import read_base
from vidpose.corpus.training.card import card_text
from vidpose.corpus.training.evaluate import baselines
from vidpose.corpus.training.examples import held_out_split, part_of, read_split
from vidpose.corpus.training.training_job import TrainingJob
from vidpose.state.atomic import write_bytes

_PACKAGES: Final = ("torch", "transformers", "peft", "trl", "datasets", "accelerate", "tokenizers")
_PRETTY: Final = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def finish(job: TrainingJob) -> None:
    """Write evaluation, curves, card and, last, the run record that marks the run as finished."""
    report = evaluation_report(job)
    write_bytes(job.folder / "eval.json", orjson.dumps(report, option=_PRETTY))
    log = [orjson.loads(line) for line in (job.folder / "training_log.jsonl").read_bytes().splitlines()]
    draw_curves(log, job.folder / "loss.png")
    record = run_record(job)
    write_bytes(job.folder / "README.md", card_text(record, report).encode())
    write_bytes(job.folder / "run.json", orjson.dumps(record, option=_PRETTY))


def read_report(folder: Path, settings: TrainingSettings) -> dict[str, Any]:
    """Read the evaluation of a finished run; empty when it is not finished, or lacks the merged model asked for."""
    if not (folder / "run.json").is_file() or (settings.merge and not (folder / "merged").is_dir()):
        return {}
    report: dict[str, Any] = orjson.loads((folder / "eval.json").read_bytes())
    return report


def evaluation_report(job: TrainingJob) -> dict[str, Any]:
    """Return the evaluation before and after beside what stands for the best and for nothing at all."""
    split, rows = held_out_split(job.dataset, job.settings.parts)
    if split is None:
        note = "the data set has no held-out split (too few videos), so nothing can be said about unseen ones"
        seen = _training_loss(job)
        return {"split": None, "note": note, "before": None, "after": None, "baselines": {}, "training_loss": seen}
    evaluations = {
        stage: orjson.loads(path.read_bytes()) if (path := job.evaluation(stage)).is_file() else None
        for stage in ("before", "after")
    }
    train = read_split(job.dataset, job.settings.parts, "train")
    return {
        "split": split,
        "n_groups": len({row.example.group for row in rows}),
        "note": "" if len(rows) >= 100 else f"{len(rows)} held-out examples only: the intervals are wide",
        **evaluations,
        "baselines": baselines(part_of(rows, job.settings.eval_examples), train),
    }


def _training_loss(job: TrainingJob) -> list[float]:
    """Return the first and the last loss on what was trained on."""
    log = (job.folder / "training_log.jsonl").read_bytes().splitlines()
    losses = [entry["loss"] for entry in map(orjson.loads, log) if "loss" in entry]
    return [losses[0], losses[-1]] if losses else []


def run_record(job: TrainingJob) -> dict[str, Any]:
    """Return what was trained from what, with which versions."""
    base = read_base(job.base)
    counts = {split: _counts(job, split) for split in ("train", "validation", "test")}
    return {
        "vidpose": vidpose.__version__,
        "base": {"name": base.name, "revision": base.revision, "licence": base.licence} if base else None,
        "dataset_sha256": job.dataset_sha256,
        "examples": counts,
        "settings": dataclasses.asdict(job.settings) | {"base_model": base.words if base else ""},
        "fit": orjson.loads((job.folder / "fit.json").read_bytes()),
        "versions": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "system": f"{sys.platform} {platform.machine()}",
    }


def _counts(job: TrainingJob, split: Any) -> dict[str, Any]:
    rows = read_split(job.dataset, job.settings.parts, split)
    counts: dict[str, Any] = {"n": len(rows)}
    for name in ("language", "generator", "task"):
        values = [getattr(row.example, name) for row in rows]
        counts[name] = {value: values.count(value) for value in sorted(set(values))}
    return counts


def draw_curves(log: list[dict[str, Any]], path: Path) -> None:
    """Draw the loss over the steps, of training and of the validation split.

    Parameters
    ----------
    log
        Log of the trainer: entries with ``step`` and ``loss`` or ``eval_loss``.
    path
        PNG to write.
    """
    from io import BytesIO

    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for key, label, style in (("loss", "training", "-"), ("eval_loss", "validation", "o--")):
        points = [(entry["step"], entry[key]) for entry in log if key in entry]
        if points:
            axes.plot(*zip(*points, strict=True), style, label=label)
    axes.set(xlabel="step", ylabel="loss per answer token (nats)", title="Fine-tuning")
    axes.grid(alpha=0.3)
    if axes.get_lines():
        axes.legend()
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=120, metadata={"Software": None})
    write_bytes(path, picture.getvalue())
