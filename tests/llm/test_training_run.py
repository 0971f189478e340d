"""Training in a child process: end to end, killed at any moment, shrunk under a memory limit, and loaded back."""

import os
import signal
import subprocess
import sys
import threading
import time

import orjson
import pytest
from made_training_corpus import write_corpus

from vidpose.corpus.settings.training import TrainingSettings
from vidpose.corpus.training.base_model import child_environment
from vidpose.corpus.training.failures import BaseModelError, TrainingError, is_disk_full
from vidpose.corpus.training.parent import child_command, train
from vidpose.corpus.training.training_job import STAGES, TrainingJob, read_job
from vidpose.errors import InputError, MemoryLimitError

for library in ("torch", "transformers", "trl", "peft", "datasets", "accelerate"):
    pytest.importorskip(library)

pytestmark = pytest.mark.slow

SETTINGS = TrainingSettings(
    base_model="tiny", epochs=2, save_every_steps=4, eval_examples=4, answer_tokens=8, n_threads=1, max_tokens=256
)
N_STEPS = 2 * 96 // 8


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("made") / "corpus")


def make_job(corpus, folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    wish = {"stages": ("prepare", "fit"), "examples_at_once": 8} | changes
    return TrainingJob(dataset=corpus, dataset_sha256="0", folder=folder, settings=SETTINGS, **wish)


def start(job):
    environment = child_environment("tiny", os.environ, 1)
    return subprocess.Popen(
        child_command(job), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )


def run(job):
    child = start(job)
    child.wait()
    child.stdin.close()
    return child.returncode


def wait_for(condition):
    while not condition():
        time.sleep(0.005)


def weights(adapter):
    from safetensors.numpy import load_file

    return load_file(adapter / "adapter_model.safetensors")


def largest_difference(one, other):
    first, second = weights(one), weights(other)
    assert set(first) == set(second)
    return max(float(abs(first[name] - second[name]).max()) for name in first)


@pytest.fixture(scope="session")
def uninterrupted(corpus, tmp_path_factory):
    job = make_job(corpus, tmp_path_factory.mktemp("whole"))
    assert run(job) == 0
    assert any(abs(value).max() > 0 for name, value in weights(job.adapter).items() if "lora_B" in name)
    return job


def test_from_rows_to_a_model_that_others_can_load(corpus, tmp_path):
    result = train(
        corpus,
        tmp_path / "models",
        TrainingSettings(base_model="tiny", eval_examples=8, answer_tokens=24, merge=True, n_threads=1),
        None,
    )
    assert result.n_starts == 1
    assert result.loss_after < result.loss_before - 0.3
    report = orjson.loads(result.report.read_bytes())
    assert report["split"] == "test"
    assert report["baselines"]["reference"]["all"]["numeric_exact"]["rate"] == 1
    assert report["baselines"]["reference"]["all"]["grounded_answers"]["rate"] == 1
    assert report["after"]["n_loss"] == 16
    assert (result.folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    card = (result.folder / "README.md").read_text()
    assert "NOT USEFUL FOR COACHING" in card
    record = (result.folder / "run.json").read_text() + (result.adapter / "adapter_config.json").read_text() + card
    assert str(tmp_path) not in record
    assert not list(result.adapter.glob("*.bin"))
    assert train(corpus, tmp_path / "models", SETTINGS_AGAIN, None).n_starts == 0
    check_loads_back(result)


SETTINGS_AGAIN = TrainingSettings(base_model="tiny", eval_examples=8, answer_tokens=24, n_threads=2)

LOAD = """
import sys
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
adapter, base, merged = sys.argv[1:]
tokens = AutoTokenizer.from_pretrained(adapter)("knee", return_tensors="pt")["input_ids"]
tuned = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)(tokens).logits
alone = AutoModelForCausalLM.from_pretrained(merged)(tokens).logits
assert (tuned - alone).abs().max() < 1e-4
"""


def check_loads_back(result):
    """In a fresh process that may not ask the hub."""
    paths = [str(path) for path in (result.adapter, result.folder / "base", result.merged)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", LOAD, *paths], env=environment, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(("share", "step"), [(8, 4), (4, 12)])
def test_killed_and_resumed_equals_uninterrupted(corpus, tmp_path, uninterrupted, share, step):
    """Also when it goes on with half the share."""
    job = make_job(corpus, tmp_path)
    child = start(job)
    wait_for((job.checkpoints / f"checkpoint-{step}" / "trainer_state.json").exists)
    child.kill()
    child.wait()
    child.stdin.close()
    assert not job.adapter.exists()
    assert run(make_job(corpus, tmp_path, examples_at_once=share)) == 0
    assert orjson.loads((job.folder / "fit.json").read_bytes())["examples_at_once"] == share
    assert largest_difference(job.adapter, uninterrupted.adapter) < 1e-4


def test_a_half_written_checkpoint_is_passed_over(corpus, tmp_path, uninterrupted):
    job = make_job(corpus, tmp_path)
    child = start(job)
    wait_for((job.checkpoints / "checkpoint-8" / "trainer_state.json").exists)
    child.kill()
    child.wait()
    child.stdin.close()
    broken = job.checkpoints / "checkpoint-20"
    broken.mkdir(exist_ok=True)
    (broken / "trainer_state.json").write_text('{"global_step": 2')
    assert run(job) == 0
    assert largest_difference(job.adapter, uninterrupted.adapter) < 1e-4


def children_of(process_id):
    import psutil

    return psutil.Process(process_id).children(recursive=True)


def test_asked_to_leave_it_saves_and_goes_on_with_half_the_share(corpus, tmp_path, uninterrupted):
    """What happens above the memory limit: SIGTERM, a checkpoint, a new child with half the share, equal weights."""

    def ask():
        wait_for(lambda: list((tmp_path / "models").glob("*/checkpoints/checkpoint-4/trainer_state.json")))
        for child in children_of(os.getpid()):
            child.send_signal(signal.SIGTERM)

    asker = threading.Thread(target=ask)
    asker.start()
    result = train(corpus, tmp_path / "models", SETTINGS, None)
    asker.join()
    assert (result.n_starts, result.examples_at_once) == (2, 4)
    assert largest_difference(result.adapter, uninterrupted.adapter) < 1e-4


PARENT = """
import sys
from pathlib import Path
from vidpose.corpus.training.training_job import read_job
from vidpose.corpus.training.parent import train
job = read_job(Path(sys.argv[1]))
train(job.dataset, Path(sys.argv[2]), job.settings, None)
"""


def test_a_killed_parent_takes_its_child_along_and_the_next_one_goes_on(corpus, tmp_path, uninterrupted):
    path = make_job(corpus, tmp_path / "job", stages=STAGES).write()
    command = [sys.executable, "-c", PARENT, str(path), str(tmp_path / "models")]
    with subprocess.Popen(command) as parent:
        wait_for(lambda: list((tmp_path / "models").glob("*/checkpoints/checkpoint-4/trainer_state.json")))
        orphans = children_of(parent.pid)
        parent.kill()
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in orphans))
    result = train(corpus, tmp_path / "models", read_job(path).settings, None)
    assert largest_difference(result.adapter, uninterrupted.adapter) < 1e-4


def test_recomputed_activations_change_nothing(corpus, tmp_path, uninterrupted):
    job = make_job(corpus, tmp_path, examples_at_once=2, recompute=True)
    assert run(job) == 0
    assert orjson.loads((job.folder / "fit.json").read_bytes())["recompute"] is True
    assert largest_difference(job.adapter, uninterrupted.adapter) < 1e-4


# --- what goes wrong ----------------------------------------------------------------------------------------------


def test_no_base_model_and_no_hub_gives_the_three_ways_out(corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens on the discard port
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    settings = TrainingSettings(base_model="nobody/no-such-model")
    with pytest.raises(BaseModelError, match=r"hub does not answer; three ways out: \(1\).*\(2\) set HF_HOME.*\(3\)"):
        train(corpus, tmp_path / "models", settings, None)
    assert BaseModelError.exit_code == 5


def test_a_limit_below_the_libraries_is_refused_with_the_arithmetic(corpus, tmp_path):
    with pytest.raises(MemoryLimitError, match=r"at least \d+ MB for its libraries alone, and memory_limit leaves"):
        train(corpus, tmp_path / "models", SETTINGS, 300_000_000)


def test_too_long_examples_are_refused_before_training(corpus, tmp_path):
    job = make_job(corpus, tmp_path)
    short = TrainingSettings(base_model="tiny", max_tokens=64, n_threads=1)
    with pytest.raises(TrainingError, match="longer than max_tokens 64"):
        train(corpus, tmp_path / "models", short, None)
    assert not job.adapter.exists()


def test_without_held_out_rows_it_trains_and_says_so(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", n_train=16, splits=("train",))
    result = train(corpus, tmp_path / "models", SETTINGS, None)
    assert result.loss_after != result.loss_after  # NaN
    assert "Not measured: the data set has no held-out split" in (result.folder / "README.md").read_text()


def test_a_corpus_without_rows_is_refused(tmp_path):
    with pytest.raises(InputError, match="no rows to train on"):
        train(tmp_path, tmp_path / "models", SETTINGS, None)


def test_native_writers_on_a_full_disk_are_understood():
    """``/dev/full`` refuses every byte as a full disk does."""
    import torch

    with pytest.raises(RuntimeError) as caught:
        torch.save(torch.zeros(100_000), "/dev/full")
    assert is_disk_full(caught.value)
