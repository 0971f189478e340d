"""The training process: ``python -m vidpose.corpus.training.child job.json``.

A process of its own, because the libraries read the environment while they are imported, and because memory can only
be limited, and a run only be killed, from outside.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.corpus.settings.training import TINY
from vidpose.corpus.training.base_model import BaseModel, fetch, n_parameters, read_base
from vidpose.corpus.training.evaluate import assess_answers
from vidpose.corpus.training.examples import Row, held_out_split, part_of, read_split
from vidpose.corpus.training.failures import EXIT_SHRINK, TrainingError, report_failure
from vidpose.corpus.training.files import whole_folder
from vidpose.corpus.training.generate import generate_answers
from vidpose.corpus.training.memory import fitting_share, read_shape
from vidpose.corpus.training.tiny import make_tiny
from vidpose.corpus.training.training_job import Stage, TrainingJob, read_job
from vidpose.corpus.training.tuning import (
    Leaving,
    last_whole_checkpoint,
    load_model,
    load_tokenizer,
    make_trainer,
    short_enough,
    without_traces,
)
from vidpose.exit_codes import ExitCode
from vidpose.state.atomic import write_bytes


class _Shrink(Exception):
    """The memory is nearly used up; a checkpoint was saved."""


def prepare(job: TrainingJob) -> None:
    """Resolve the base model, or make the tiny one, and write down which it is."""
    if job.settings.base_model != TINY:
        fetch(job.settings.base_model).write(job.base)
        return
    with whole_folder(job.folder / "base") as folder:
        texts = (turn["content"] for row in _rows(job, "train") for turn in row.chat)
        make_tiny(folder, texts, job.settings.max_tokens, job.settings.seed)
    BaseModel(TINY, "", "Apache-2.0", Path("base")).write(job.base)


def assess(job: TrainingJob, stage: Stage) -> None:
    """Evaluate the base model, or the trained one as it lies on the disk, on held-out examples."""
    _, rows = held_out_split(job.dataset, job.settings.parts)
    base = _base(job)
    adapter = job.adapter if stage == "after" else None
    tokenizer = load_tokenizer(adapter or base.folder)
    kept, _ = short_enough(rows, tokenizer, job.settings.max_tokens)
    if not kept:
        return
    model = load_model(base.folder, adapter)
    loss = make_trainer(job, model, tokenizer, kept, kept, adapt=False).evaluate()["eval_loss"]
    asked = part_of(tuple(kept), job.settings.eval_examples)
    chats = [row.prompt for row in asked]
    answers = generate_answers(model, tokenizer, chats, job.settings.answer_tokens, 2 * job.examples_at_once)
    scores = assess_answers(asked, [(answer.text, answer.ended) for answer in answers])
    write_bytes(
        job.evaluation(stage),
        orjson.dumps({"loss": loss, "n_loss": len(kept), **scores}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
    )


def fit(job: TrainingJob) -> None:
    """Train, going on from the last whole checkpoint, and write the adapter."""
    base = _base(job)
    tokenizer = load_tokenizer(base.folder)
    train, _ = short_enough(_rows(job, "train"), tokenizer, job.settings.max_tokens)
    watched, _ = short_enough(_rows(job, "validation"), tokenizer, job.settings.max_tokens)
    trainer = make_trainer(job, load_model(base.folder), tokenizer, train, watched, adapt=True)
    leaving = Leaving(job.soft_limit_bytes, _resident_bytes)
    trainer.add_callback(leaving.callback())
    checkpoint = last_whole_checkpoint(job.checkpoints)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    if leaving.leaves:
        raise _Shrink
    if trainer.is_world_process_zero():
        _write_fit(job, trainer, tokenizer, base, len(train))


def planned(job: TrainingJob) -> TrainingJob:
    """Return the job with a share that the estimate allows; refused here, before any model is loaded."""
    if not job.soft_limit_bytes:
        return job
    base = _base(job)
    _, longest = short_enough(_rows(job, "train"), load_tokenizer(base.folder), job.settings.max_tokens)
    shape = read_shape(base.folder, n_parameters(base.folder))
    wish = (job.examples_at_once, job.recompute)
    share, recompute = fitting_share(shape, longest, job.settings.batch_per_gpu, wish, job.soft_limit_bytes)
    return dataclasses.replace(job, examples_at_once=share, recompute=recompute)


def _write_fit(job: TrainingJob, trainer: Any, tokenizer: Any, base: BaseModel, n_train: int) -> None:
    steps = trainer.state.log_history
    write_bytes(job.folder / "training_log.jsonl", b"".join(orjson.dumps(step) + b"\n" for step in steps))
    fitted = {
        "n_train": n_train,
        "n_steps": trainer.state.global_step,
        "examples_at_once": job.examples_at_once,
        "recompute": job.recompute,
        "device": str(trainer.model.device),
        "n_trained_weights": trainer.model.num_parameters(only_trainable=True),
        "n_weights": trainer.model.num_parameters(),
    }
    write_bytes(job.folder / "fit.json", orjson.dumps(fitted, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    with whole_folder(job.adapter) as folder:
        trainer.save_model(str(folder))
        tokenizer.save_pretrained(folder)
        without_traces(folder, base)
    (job.checkpoints / "README.md").unlink(missing_ok=True)  # a form with blanks


def merge(job: TrainingJob) -> None:
    """Write the model with the update merged into its weights; it must continue a prompt as the adapter does."""
    if not job.settings.merge:
        return
    base = _base(job)
    tokenizer = load_tokenizer(job.adapter)
    model = load_model(base.folder, job.adapter)
    chat = [_rows(job, "train")[0].prompt]
    said = generate_answers(model, tokenizer, chat, 16, 1)
    with whole_folder(job.merged) as folder:
        model.merge_and_unload().save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        again = generate_answers(load_model(folder), load_tokenizer(folder), chat, 16, 1)
        if said != again:
            raise TrainingError(
                f"the merged model answers {again[0].text!r} where the adapter answers {said[0].text!r}"
            )


def is_done(job: TrainingJob, stage: Stage) -> bool:
    """Return whether a stage's files are there."""
    if stage == "prepare":
        return read_base(job.base) is not None
    return {
        "before": job.evaluation("before").is_file(),
        "fit": job.adapter.is_dir(),
        "after": job.evaluation("after").is_file(),
        "merge": job.merged.is_dir(),
    }[stage]


WORK: Final[dict[Stage, Callable[[TrainingJob], None]]] = {
    "prepare": prepare,
    "before": lambda job: assess(job, "before"),
    "fit": fit,
    "after": lambda job: assess(job, "after"),
    "merge": merge,
}


def _rows(job: TrainingJob, split: Any) -> tuple[Row, ...]:
    return read_split(job.dataset, job.settings.parts, split)


def _base(job: TrainingJob) -> BaseModel:
    base = read_base(job.base)
    if base is None:
        raise TrainingError(f"the base model of {job.folder.name} is gone: put it back, or remove {job.base.name}")
    return base


def _resident_bytes() -> int:
    import psutil

    return int(psutil.Process().memory_info().rss)


def _die_with_parent() -> None:
    """End at once when the parent is gone, however it went: standard input, a pipe that it holds, then closes."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):  # not the buffered reader: its lock would disturb a normal end
            pass
        os._exit(ExitCode.FAILED)

    threading.Thread(target=wait, daemon=True).start()


def is_short_of_memory(error: BaseException) -> bool:
    """Return whether an error means that memory, the computer's or a GPU's, was not enough."""
    words = str(error)
    return isinstance(error, MemoryError) or "out of memory" in words or "can't allocate memory" in words


def main(arguments: list[str]) -> int:
    """Do the job's stages that are not done yet; return the exit code."""
    job = read_job(Path(arguments[0]))
    if "RANK" not in os.environ:  # ranks of ``accelerate`` belong to their launcher
        _die_with_parent()
    for leftover in job.folder.glob(".*.part"):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    try:
        for stage in job.stages:
            if not is_done(job, stage):
                print(f"stage {stage}", flush=True)  # noqa: T201 - into child.log
                WORK[stage](job if stage == "prepare" else planned(job))
    except _Shrink:
        return EXIT_SHRINK
    except Exception as error:  # noqa: BLE001 - the boundary of the process: reported to the parent in a file
        traceback.print_exc()
        return EXIT_SHRINK if is_short_of_memory(error) else report_failure(job.folder, error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
