"""Training seen from outside: starts the child, watches its memory, starts it again with smaller shares."""

from __future__ import annotations

import dataclasses
import fcntl
import importlib.util
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from vidpose.corpus.settings.training import TrainingSettings
from vidpose.corpus.training.base_model import child_environment, refuse_bad_spec
from vidpose.corpus.training.examples import read_split
from vidpose.corpus.training.failures import (
    EXIT_SHRINK,
    FAILURE_FILE,
    MissingExtraError,
    TrainingError,
    raised_by_child,
)
from vidpose.corpus.training.memory import LIBRARIES_BYTES
from vidpose.corpus.training.outputs import finish, read_report
from vidpose.corpus.training.training_job import STAGES, Stage, TrainingJob, dataset_sha256, run_name, smaller_share
from vidpose.errors import InputError, MemoryLimitError, OutputInUseError

LIBRARIES: Final = ("torch", "transformers", "peft", "trl", "datasets", "accelerate")
CHILD_MODULE: Final = "vidpose.corpus.training.child"

POLL_S: Final = 0.2
SOFT_SHARE: Final = 0.85
"""Share of the limit at which the child leaves by itself (ours): a step may still grow, by a longer example."""
GRACE_S: Final = 20.0
"""Time between asking a child above the limit to save and leave, and killing it, s (ours)."""
LOCK_WAIT_S: Final = 5.0
"""Time for the child of a killed run to notice that and go, s (ours)."""
LEAST_FREE_BYTES: Final = 200_000_000
"""Free disk below which training does not start (ours): adapter, optimizer state and log of a small model."""


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What training made.

    Attributes
    ----------
    folder
        Folder of the run.
    adapter, merged
        Folders of the adapter and, where asked for, of the merged model.
    report
        File of the evaluation.
    loss_before, loss_after
        Loss on held-out examples; NaN when there are none.
    examples_at_once
        Share of a step that was in memory at once in the end.
    n_starts
        Children that this call started; 0 when everything was done before.
    """

    folder: Path
    adapter: Path
    merged: Path | None
    report: Path
    loss_before: float
    loss_after: float
    examples_at_once: int
    n_starts: int


def train(dataset: Path, target: Path, settings: TrainingSettings, memory_limit_bytes: int | None) -> TrainingResult:
    """Fine-tune on a data set and evaluate before and after; run again, it goes on where it ended.

    Parameters
    ----------
    dataset
        Folder of the data set (``data/sft/train-*.parquet`` and so on).
    target
        Folder that holds the runs; this one gets a folder of its own, named by data and settings.
    settings
        How to train.
    memory_limit_bytes
        Most memory for this process and its child together; None for no limit.

    Raises
    ------
    MissingExtraError
        When the training libraries are not installed.
    BaseModelError
        When no base model can be had; its ``exit_code`` is 5.
    MemoryLimitError
        When even the smallest share does not fit.
    InputError
        When the data set has no rows to train on, or broken ones.
    TrainingError
        When training fails otherwise: a full disk, a model that cannot be trained.
    OutputInUseError
        When another process trains into the same folder.
    """
    require_libraries()
    refuse_bad_spec(settings.base_model)
    if not read_split(dataset, settings.parts, "train"):
        raise InputError(f"{dataset} holds no rows to train on in {', '.join(settings.parts)}: build the corpus first")
    data_sha256 = dataset_sha256(dataset, settings.parts)
    folder = target / run_name(settings, data_sha256)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder) as lock:
        job = TrainingJob(dataset.resolve(), data_sha256, folder.resolve(), settings, STAGES, _first_share(settings))
        n_starts = 0
        if not read_report(folder, settings):
            _refuse_full_disk(folder)
            job, n_starts = _supervise(job, memory_limit_bytes, lock)
            finish(job)
    return _result(job, n_starts)


def require_libraries(names: Sequence[str] = LIBRARIES) -> None:
    """Check that the training libraries are there, without importing them.

    Parameters
    ----------
    names
        Which ones.

    Raises
    ------
    MissingExtraError
        Naming those that are not, and how to install them.
    """
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"training and coaching need {', '.join(missing)}: pip install 'vidpose[llm]'")


def _first_share(settings: TrainingSettings) -> int:
    return smaller_share(settings.batch_per_gpu, min(settings.examples_at_once, settings.batch_per_gpu) + 1)


def _supervise(job: TrainingJob, memory_limit_bytes: int | None, lock: int) -> tuple[TrainingJob, int]:
    """Start children until all stages are done; return the job as it ended, and how many were started."""
    environment = child_environment(job.settings.base_model, os.environ, job.settings.n_threads)
    environment["HF_DATASETS_CACHE"] = str(job.folder / "cache")
    limit = max(1, memory_limit_bytes - _resident_bytes(os.getpid())) if memory_limit_bytes else 0
    if limit:
        refuse_small_limit(limit)
    job = dataclasses.replace(job, soft_limit_bytes=int(SOFT_SHARE * limit))
    n_starts = 0
    for stages in _divided(job.settings):
        seen = environment if stages == ("fit",) else one_gpu(environment)
        while True:
            n_starts += 1
            command = child_command(dataclasses.replace(job, stages=stages))
            code, peak = run_child(command, job.folder, seen, limit, lock)
            if code == 0:
                break
            if code not in (EXIT_SHRINK, -signal.SIGKILL):  # SIGKILL: by us, or by a kernel short of memory
                raise raised_by_child(job.folder, code)
            job = shrunk(job, peak, limit)
    return job, n_starts


def one_gpu(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the first visible GPU alone: ``trl`` refuses several in one process."""
    first = environment.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
    return {**environment, "CUDA_VISIBLE_DEVICES": first}


def refuse_small_limit(limit_bytes: int) -> None:
    """Refuse a limit that the libraries alone would pass.

    Raises
    ------
    MemoryLimitError
        With the arithmetic.
    """
    least = int(LIBRARIES_BYTES / SOFT_SHARE)
    if limit_bytes < least:
        raise MemoryLimitError(
            f"training needs at least {least // 1_000_000} MB for its libraries alone, and memory_limit leaves "
            f"{limit_bytes // 1_000_000} MB beside this process: raise it"
        )


def _divided(settings: TrainingSettings) -> list[tuple[Stage, ...]]:
    """Several GPUs train together but evaluate one by one, so training then gets a child of its own."""
    return [STAGES] if settings.n_gpus == 1 else [("prepare", "before"), ("fit",), ("after", "merge")]


def shrunk(job: TrainingJob, peak_bytes: int, limit_bytes: int) -> TrainingJob:
    """Return the job with the next smaller share, then with recomputation; the result stays the same.

    Raises
    ------
    MemoryLimitError
        When nothing is left to give up.
    """
    share = smaller_share(job.settings.batch_per_gpu, job.examples_at_once)
    if share:
        return dataclasses.replace(job, examples_at_once=share)
    if not job.recompute:
        return dataclasses.replace(job, recompute=True)
    left = f", the limit leaves {limit_bytes // 1_000_000} MB for it" if limit_bytes else ""
    raise MemoryLimitError(
        f"training took {peak_bytes // 1_000_000} MB with one example at a time{left}: raise memory_limit, take a "
        "smaller base_model, or lower max_tokens; its last checkpoint is kept"
    )


def child_command(job: TrainingJob) -> list[str]:
    """Write the job file and return the command of the child that does it."""
    path = job.write()
    several = job.settings.n_gpus > 1 and job.stages == ("fit",)
    launcher = ["accelerate.commands.launch", "--multi_gpu", f"--num_processes={job.settings.n_gpus}", "-m"]
    return [sys.executable, "-m", *(launcher if several else ()), CHILD_MODULE, str(path)]


def run_child(
    command: Sequence[str], folder: Path, environment: dict[str, str], limit_bytes: int, lock: int
) -> tuple[int, int]:
    """Run a child, its words going to ``child.log``; return its exit code and its peak memory in bytes.

    Above the limit it is asked to save and leave, and killed when it does not; its exit code then is ``EXIT_SHRINK``
    or ``-SIGKILL``. It ends by itself when this process does, and holds the lock until then.

    Parameters
    ----------
    command
        What to run.
    folder
        Where ``child.log`` is.
    environment
        All of its environment.
    limit_bytes
        Most resident memory of the child and what it starts; 0 for no limit.
    lock
        Open file that the child keeps locked.
    """
    (folder / FAILURE_FILE).unlink(missing_ok=True)
    with (folder / "child.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl+C reaches this process only, which then asks the child
        )
        try:
            return _watch(child, limit_bytes)
        except BaseException:
            child.terminate()
            try:
                child.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                child.kill()
            raise
        finally:
            child.wait()
            if child.stdin:
                child.stdin.close()


def _watch(child: subprocess.Popen[bytes], limit_bytes: int) -> tuple[int, int]:
    peak, asked_at = 0, math.inf
    while child.poll() is None:
        resident = _resident_bytes(child.pid)
        peak = max(peak, resident)
        if limit_bytes and resident > limit_bytes:
            if asked_at == math.inf:
                asked_at = time.monotonic()
                child.terminate()
            if resident > 1.05 * limit_bytes or time.monotonic() - asked_at > GRACE_S:
                os.killpg(child.pid, signal.SIGKILL)
        time.sleep(POLL_S)
    code = child.returncode
    return (EXIT_SHRINK if code == -signal.SIGTERM and asked_at < math.inf else code), peak


def _resident_bytes(process_id: int) -> int:
    """Return the resident memory of a process and all that it started, bytes; 0 when it is gone."""
    import psutil

    try:
        first = psutil.Process(process_id)
        family = [first, *first.children(recursive=True)] if process_id != os.getpid() else [first]
        return sum(int(member.memory_info().rss) for member in family)
    except psutil.NoSuchProcess:
        return 0


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Hold the run's folder; wait a moment for the child of a killed run to let go."""
    with (folder / ".lock").open("w") as lock:
        until = time.monotonic() + LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise OutputInUseError(f"another process trains into {folder}: wait for it or stop it") from None
                time.sleep(POLL_S)
        yield lock.fileno()


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise TrainingError(
            f"the disk of {folder} has {free // 1_000_000} MB free and training needs at least "
            f"{LEAST_FREE_BYTES // 1_000_000} MB: free space and start again",
            code="disk_full",
        )


def _result(job: TrainingJob, n_starts: int) -> TrainingResult:
    report = read_report(job.folder, job.settings)
    loss = {stage: (report.get(stage) or {}).get("loss", math.nan) for stage in ("before", "after")}
    fitted = orjson.loads((job.folder / "fit.json").read_bytes())
    return TrainingResult(
        folder=job.folder,
        adapter=job.adapter,
        merged=job.merged if job.merged.is_dir() else None,
        report=job.folder / "eval.json",
        loss_before=loss["before"],
        loss_after=loss["after"],
        examples_at_once=fitted["examples_at_once"],
        n_starts=n_starts,
    )
