"""Where the base model comes from, and a child process watched from outside: no torch, no hub."""

import http.server
import math
import os
import signal
import socketserver
import subprocess
import sys
import threading
from types import SimpleNamespace

import numpy as np
import orjson
import pytest

from vidpose.corpus.settings.training import TrainingSettings
from vidpose.corpus.training import parent
from vidpose.corpus.training.base_model import (
    BaseModel,
    child_environment,
    declared_licence,
    fetch,
    hub_answers,
    looks_like_path,
    n_parameters,
    read_base,
    refuse_bad_spec,
)
from vidpose.corpus.training.failures import EXIT_SHRINK, BaseModelError, MissingExtraError
from vidpose.corpus.training.parent import child_command, refuse_small_limit, run_child
from vidpose.corpus.training.training_job import STAGES, TrainingJob
from vidpose.corpus.training.tuning import Leaving, last_whole_checkpoint
from vidpose.errors import MemoryLimitError

CLOSED = "http://127.0.0.1:9"
"""The discard port: nobody listens."""


class Nothing(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with socketserver.TCPServer(("127.0.0.1", 0), Nothing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_an_error_page_is_an_answer_and_silence_is_none(server):
    assert hub_answers(server)
    assert not hub_answers(CLOSED, 1.0)
    assert not hub_answers("no address", 1.0)


def test_the_childs_environment_is_offline_where_nobody_answers(server):
    told = child_environment("a/b", {"HF_ENDPOINT": CLOSED, "HOME": "/h"}, 2)
    assert told["HF_HUB_OFFLINE"] == told["HF_HUB_DISABLE_TELEMETRY"] == "1"
    assert (told["OMP_NUM_THREADS"], told["HOME"]) == ("2", "/h")
    assert "HF_HUB_OFFLINE" not in child_environment("a/b", {"HF_ENDPOINT": server}, 0)
    assert child_environment("tiny", {"HF_ENDPOINT": server}, 0)["HF_HUB_OFFLINE"] == "1"
    assert child_environment("./here", {"HF_ENDPOINT": server}, 0)["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize(
    ("spec", "path"),
    [("a/b", False), ("gpt2", False), ("tiny", False), ("./a", True), ("/a/b", True), ("~/a", True), ("a/b/c", True)],
)
def test_folders_are_told_from_hub_ids(spec, path):
    assert looks_like_path(spec) is path


@pytest.mark.parametrize("spec", ["a b/c", "https:", "a@", "ä/b"])
def test_an_impossible_id_is_refused_without_a_network(spec):
    with pytest.raises(BaseModelError, match="expected a hub id"):
        refuse_bad_spec(spec)


def make_model(folder, **shapes):
    """Write a safetensors file with zeros: length of the head, head, data."""
    head, place = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in shapes.items():
        size = 4 * int(np.prod(shape))
        head[name] = {"dtype": "F32", "shape": shape, "data_offsets": [place, place + size]}
        place += size
    told = orjson.dumps(head)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(len(told).to_bytes(8, "little") + told + bytes(place))
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer_config.json").write_text("{}")
    return folder


def test_a_local_folder_is_taken_as_it_is(tmp_path):
    folder = make_model(tmp_path / "my-model", a=[3, 4], b=[5])
    (folder / "README.md").write_text("---\nlanguage: en\nlicense: apache-2.0\n---\n# license: mit\n")
    base = fetch(str(folder))
    assert base == BaseModel("my-model", "", "apache-2.0", folder.resolve())
    assert n_parameters(folder) == 17
    base.write(tmp_path / "base.json")
    assert read_base(tmp_path / "base.json") == base
    (folder / "config.json").unlink()
    assert read_base(tmp_path / "base.json") is None


def test_a_run_that_is_moved_still_finds_its_made_model(tmp_path):
    make_model(tmp_path / "run" / "base")
    BaseModel("tiny", "", "Apache-2.0", tmp_path.__class__("base")).write(tmp_path / "run" / "base.json")
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    assert read_base(tmp_path / "elsewhere" / "base.json").folder == tmp_path / "elsewhere" / "base"


def test_an_incomplete_folder_is_told_with_what_it_lacks(tmp_path):
    with pytest.raises(BaseModelError, match=r"there is no folder .*three ways out"):
        refuse_bad_spec(str(tmp_path / "nowhere"))
    folder = make_model(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(BaseModelError, match="pickled weights are never opened"):
        refuse_bad_spec(str(folder))
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (folder / "model.safetensors.index.json").write_bytes(orjson.dumps(index))
    (folder / "model-1.safetensors").write_bytes(b"")
    with pytest.raises(BaseModelError, match=r"lacks model-2\.safetensors;"):
        refuse_bad_spec(str(folder))


def test_a_card_without_head_declares_nothing(tmp_path):
    assert declared_licence(tmp_path) == "unknown"
    (tmp_path / "README.md").write_text("license: mit\n")
    assert declared_licence(tmp_path) == "unknown"


# --- checkpoints and leaving --------------------------------------------------------------------------------------


def make_checkpoint(folder, step, state=None):
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    for name in ("adapter_model.safetensors", "optimizer.pt", "scheduler.pt", "rng_state.pth"):
        (path / name).write_bytes(b"x")
    (path / "trainer_state.json").write_text(state or f'{{"global_step": {step}}}')
    return path


def test_the_newest_whole_checkpoint_is_taken_and_broken_ones_go(tmp_path):
    assert last_whole_checkpoint(tmp_path) is None
    whole = make_checkpoint(tmp_path, 9)
    make_checkpoint(tmp_path, 4)
    cut = make_checkpoint(tmp_path, 100, state='{"global_step": 1')
    without_optimizer = make_checkpoint(tmp_path, 20)
    (without_optimizer / "optimizer.pt").unlink()
    without_state = make_checkpoint(tmp_path, 30)
    (without_state / "trainer_state.json").unlink()
    (tmp_path / "checkpoint-best").mkdir()
    assert last_whole_checkpoint(tmp_path) == whole
    assert not any(path.exists() for path in (cut, without_optimizer, without_state))
    assert (tmp_path / "checkpoint-4").exists()


def step(leaving, number, most=10):
    control = SimpleNamespace(should_save=False, should_training_stop=False)
    leaving.on_step_end(None, SimpleNamespace(global_step=number, max_steps=most), control)
    return control.should_save and control.should_training_stop


def test_above_the_soft_limit_it_saves_and_leaves_but_not_at_the_very_end():
    readings = iter([50, 99, 101, 101])
    leaving = Leaving(100, lambda: next(readings))
    assert [step(leaving, number) for number in (1, 2, 3)] == [False, False, True]
    assert leaving.leaves
    assert not step(leaving, 10)
    assert not leaving.leaves


def test_without_a_limit_it_leaves_when_asked():
    leaving = Leaving(0, lambda: 10**12)
    assert not step(leaving, 1)
    leaving.ask(signal.SIGTERM, None)
    assert step(leaving, 2)


# --- the parent ---------------------------------------------------------------------------------------------------

GREEDY = "import time; block = bytearray({size}); block[::4096] = b'x' * len(block[::4096]); time.sleep(30)"


def watched(tmp_path, code, limit):
    with (tmp_path / ".lock").open("w") as lock:
        return run_child([sys.executable, "-c", code], tmp_path, dict(os.environ), limit, lock.fileno())


@pytest.mark.slow
def test_a_child_above_the_limit_is_asked_and_counts_as_short_of_memory(tmp_path):
    code, peak = watched(tmp_path, GREEDY.format(size=102_000_000), 105_000_000)
    assert code in (EXIT_SHRINK, -signal.SIGKILL)
    assert peak > 105_000_000


@pytest.mark.slow
def test_a_child_far_above_the_limit_is_killed_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(parent, "GRACE_S", math.inf)  # else it would be killed in the end, too
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {GREEDY.format(size=300_000_000)}"
    code, _ = watched(tmp_path, stubborn, 100_000_000)
    assert code == -signal.SIGKILL


@pytest.mark.slow
def test_exit_codes_pass_and_words_go_into_the_log(tmp_path):
    assert watched(tmp_path, "import sys; print('hello'); sys.exit(7)", 0)[0] == 7
    assert (tmp_path / "child.log").read_text() == "hello\n"


def make_job(folder, **changes):
    settings = TrainingSettings(base_model="tiny", batch_size=6, **changes)
    return TrainingJob(folder, "ab", folder, settings, STAGES, 6)


def test_shares_get_smaller_then_recomputation_then_the_arithmetic(tmp_path):
    job, seen = make_job(tmp_path), []
    with pytest.raises(MemoryLimitError, match="took 900 MB with one example at a time, the limit leaves 800 MB"):
        while True:
            job = parent.shrunk(job, 900_000_000, 800_000_000)
            seen.append((job.examples_at_once, job.recompute))
    assert seen == [(3, False), (2, False), (1, False), (1, True)]


def test_several_gpus_start_accelerate_for_training_alone(tmp_path):
    job = make_job(tmp_path, n_gpus=3)
    assert "accelerate.commands.launch" not in child_command(job)
    fit = TrainingJob(tmp_path, "ab", tmp_path, job.settings, ("fit",), 6)
    assert child_command(fit)[2:6] == ["accelerate.commands.launch", "--multi_gpu", "--num_processes=3", "-m"]


def test_one_process_sees_one_gpu_at_most():
    assert parent.one_gpu({})["CUDA_VISIBLE_DEVICES"] == "0"
    assert parent.one_gpu({"CUDA_VISIBLE_DEVICES": "3,1", "A": "b"}) == {"CUDA_VISIBLE_DEVICES": "3", "A": "b"}
    assert parent.one_gpu({"CUDA_VISIBLE_DEVICES": ""})["CUDA_VISIBLE_DEVICES"] == ""


def test_a_limit_below_the_libraries_is_refused():
    refuse_small_limit(2_000_000_000)
    with pytest.raises(
        MemoryLimitError, match="at least 823 MB for its libraries alone, and memory_limit leaves 500 MB"
    ):
        refuse_small_limit(500_000_000)


def test_missing_libraries_are_named_with_the_way_to_get_them():
    with pytest.raises(
        MissingExtraError, match=r"training and coaching need no_such_library: pip install 'vidpose\[llm\]'"
    ):
        parent.require_libraries(("json", "no_such_library"))


@pytest.mark.thorough
def test_importing_the_room_needs_no_training_library():
    code = (
        "import sys, vidpose.corpus.training.parent, vidpose.corpus.training.child, vidpose.corpus.training.coach;"
        f"print(sorted(set(sys.modules) & set({parent.LIBRARIES!r})))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout.strip()) == (0, "[]"), said.stderr
