"""Settings, job files, shares, memory estimates, failures and files: what training needs besides its libraries."""

import dataclasses
import errno

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.corpus.settings.training import TrainingSettings
from vidpose.corpus.training.card import card_text
from vidpose.corpus.training.failures import (
    EXIT_DISK_FULL,
    BaseModelError,
    TrainingError,
    is_disk_full,
    raised_by_child,
    report_failure,
)
from vidpose.corpus.training.files import whole_folder
from vidpose.corpus.training.memory import LIBRARIES_BYTES, ModelShape, estimate_bytes, fitting_share, read_shape
from vidpose.corpus.training.outputs import draw_curves
from vidpose.corpus.training.training_job import STAGES, TrainingJob, read_job, run_name, smaller_share
from vidpose.errors import MemoryLimitError
from vidpose.exit_codes import ExitCode

# --- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_model", " "),
        ("parts", ()),
        ("parts", ("../sft",)),
        ("epochs", 0),
        ("batch_size", 0),
        ("examples_at_once", -1),
        ("lora_rank", 0),
        ("save_every_steps", 0),
        ("eval_examples", 0),
        ("n_gpus", 0),
        ("max_tokens", 10),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", 2.0),
        ("seed", -1),
        ("n_threads", -2),
    ],
)
def test_settings_out_of_range_are_named(name, value):
    with pytest.raises(ValueError, match=f"{name}.*: expected .*, got"):
        TrainingSettings(**{name: value})


def test_several_gpus_divide_the_batch_evenly():
    assert TrainingSettings(batch_size=12, n_gpus=3).batch_per_gpu == 4
    with pytest.raises(ValueError, match="batch_size: expected a multiple of n_gpus 3, got 8"):
        TrainingSettings(n_gpus=3)


def make_job(folder, **changes):
    job = TrainingJob(folder / "corpus", "ab12", folder / "run", TrainingSettings(base_model="tiny"), STAGES, 8)
    return dataclasses.replace(job, **changes)


def test_a_job_file_holds_everything(tmp_path):
    job = make_job(tmp_path, soft_limit_bytes=7, recompute=True, stages=("fit",))
    assert read_job(job.write()) == job


def test_runs_are_named_by_what_is_learnt_from_what():
    first = TrainingSettings(base_model="Qwen/Qwen2.5-0.5B-Instruct@main")
    name = run_name(first, "ab")
    assert name.startswith("Qwen2.5-0.5B-Instruct-")
    for change in ({"examples_at_once": 1}, {"n_threads": 3}, {"n_gpus": 2}, {"merge": True}):
        assert run_name(dataclasses.replace(first, **change), "ab") == name
    others = [dataclasses.replace(first, **change) for change in ({"epochs": 4}, {"seed": 1}, {"learning_rate": 1e-4})]
    assert len({name, run_name(first, "cd"), *(run_name(other, "ab") for other in others)}) == 5
    assert "/" not in run_name(TrainingSettings(base_model="/home/somebody/a model"), "ab")
    assert "somebody" not in run_name(TrainingSettings(base_model="/home/somebody/a model"), "ab")


@given(st.integers(1, 256), st.integers(1, 256))
def test_shares_divide_the_batch_and_go_down_to_one(batch_size, share):
    seen = []
    while share:
        share = smaller_share(batch_size, share)
        seen.append(share)
    assert all(batch_size % one == 0 for one in seen[:-1])
    assert seen[-1] == 0
    assert len(seen) == 1 or seen[-2] == 1


# --- memory -------------------------------------------------------------------------------------------------------

HALF_BILLION = ModelShape(n_parameters=494_000_000, vocabulary=151_936, width=896, layers=24, heads=14)


def test_the_estimate_counts_weights_in_32_bit_and_grows_with_the_share():
    one = estimate_bytes(HALF_BILLION, 512, 1, recompute=False)
    two = estimate_bytes(HALF_BILLION, 512, 2, recompute=False)
    fixed = LIBRARIES_BYTES + 4 * 494_000_000
    assert two - fixed == 2 * (one - fixed)
    # by hand: 24 layers of 2 * 512 * (34 * 896 + 5 * 14 * 512) bytes, and logits twice
    assert one - fixed == 24 * 2 * 512 * (34 * 896 + 5 * 14 * 512) + 2 * 4 * 512 * 151_936
    assert estimate_bytes(HALF_BILLION, 512, 1, recompute=True) < one


def test_the_largest_share_that_fits_is_taken_then_recomputation():
    full = estimate_bytes(HALF_BILLION, 512, 8, recompute=False)
    assert fitting_share(HALF_BILLION, 512, 8, (8, False), 0) == (8, False)
    assert fitting_share(HALF_BILLION, 512, 8, (8, False), full) == (8, False)
    assert fitting_share(HALF_BILLION, 512, 8, (8, False), full - 1) == (4, False)
    one = estimate_bytes(HALF_BILLION, 512, 1, recompute=False)
    assert fitting_share(HALF_BILLION, 512, 8, (8, False), one - 1) == (1, True)


def test_what_cannot_fit_is_refused_with_the_arithmetic():
    with pytest.raises(
        MemoryLimitError, match=r"about 3\d{3} MB .*700 MB libraries, 1976 MB weights.* 2000 MB are left"
    ):
        fitting_share(HALF_BILLION, 512, 8, (8, False), 2_000_000_000)


def test_the_shape_of_a_model_that_also_takes_pictures_is_that_of_its_text_part(tmp_path):
    text = {"hidden_size": 896, "num_attention_heads": 14, "num_hidden_layers": 24, "vocab_size": 151_936}
    (tmp_path / "config.json").write_bytes(orjson.dumps({"vision_config": {}, "text_config": text}))
    assert read_shape(tmp_path, 494_000_000) == HALF_BILLION


# --- failures -----------------------------------------------------------------------------------------------------


def test_the_childs_reason_reaches_the_parent_as_the_same_error(tmp_path):
    code = report_failure(tmp_path, BaseModelError("not here; three ways out"))
    assert code == ExitCode.NO_BASE_MODEL == BaseModelError.exit_code
    error = raised_by_child(tmp_path, code)
    assert type(error) is BaseModelError
    assert str(error) == "not here; three ways out"


def test_an_unforeseen_error_is_told_with_its_name(tmp_path):
    error = raised_by_child(tmp_path, report_failure(tmp_path, KeyError("embed")))
    assert type(error) is TrainingError
    assert str(error) == "KeyError: 'embed'"


def test_a_child_that_said_nothing_is_told_by_its_signal(tmp_path):
    assert "signal 11" in str(raised_by_child(tmp_path, -11))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 576 vs 534"),
        RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_is_known_by_its_exit_code_alone(tmp_path, error):
    assert is_disk_full(error)
    assert report_failure(tmp_path, error) == EXIT_DISK_FULL
    assert list(tmp_path.iterdir()) == []
    assert "disk" in str(raised_by_child(tmp_path, EXIT_DISK_FULL))


def test_other_errors_are_no_full_disk():
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_disk_full(RuntimeError("size mismatch"))


# --- files --------------------------------------------------------------------------------------------------------


def fill_and_fail(target):
    with whole_folder(target) as folder:
        (folder / "b").write_text("half")
        raise TrainingError("in the middle")


def test_a_folder_appears_when_it_is_whole(tmp_path):
    target = tmp_path / "adapter"
    with whole_folder(target) as folder:
        (folder / "a").write_text("1")
        assert not target.exists()
    with pytest.raises(TrainingError):
        fill_and_fail(target)
    assert [path.name for path in target.iterdir()] == ["a"]


def test_curves_are_drawn_from_the_log(tmp_path):
    log = [{"step": 5, "loss": 3.0}, {"step": 10, "loss": 2.0}, {"step": 10, "eval_loss": 2.1}, {"train_runtime": 1.0}]
    draw_curves(log, tmp_path / "loss.png")
    first = (tmp_path / "loss.png").read_bytes()
    draw_curves(log, tmp_path / "loss.png")
    assert first == (tmp_path / "loss.png").read_bytes()
    draw_curves([], tmp_path / "none.png")
    assert (tmp_path / "none.png").read_bytes().startswith(b"\x89PNG")


# --- card ---------------------------------------------------------------------------------------------------------

RECORD = {
    "vidpose": "1",
    "python": "3.11",
    "versions": {"trl": "1"},
    "base": {"name": "Qwen/Qwen2.5-0.5B-Instruct", "revision": "7ae5", "licence": "apache-2.0"},
    "dataset_sha256": "ab",
    "examples": {
        "train": {
            "n": 3,
            "language": {"en": 3},
            "generator": {"grammar": 2, "claude:x": 1},
            "task": {"read_metric": 3},
        },
        "validation": {"n": 1},
        "test": {"n": 0},
    },
    "settings": dataclasses.asdict(TrainingSettings()),
    "fit": {"n_train": 3, "n_steps": 2, "examples_at_once": 8, "recompute": False, "device": "cpu"}
    | {"n_trained_weights": 5, "n_weights": 50},
}
RATE = {"n": 4, "hits": 1, "rate": 0.25, "low": 0.046, "high": 0.699}
NOTHING = {"n": 0, "hits": 0, "rate": None, "low": None, "high": None}
KEYS = ("numeric_exact", "grounded_numbers", "grounded_answers", "direction", "ended")


def each(rate):
    return {"n": 4, **dict.fromkeys(KEYS, rate)}


def evaluated(rate):
    return {"loss": 1.5, "all": each(rate), "by_task": {"read_metric": each(rate)}, "by_language": {"en": each(rate)}}


def test_the_card_says_what_it_is_made_of_and_how_well_it_does():
    report = {
        "split": "validation",
        "n_groups": 2,
        "note": "",
        "before": evaluated(NOTHING),
        "after": evaluated(RATE),
        "baselines": {"reference": {"all": each(RATE)}},
    }
    card = card_text(RECORD, report)
    assert card.startswith("---\nbase_model: Qwen/Qwen2.5-0.5B-Instruct\n")
    assert "license: apache-2.0" in card
    assert "revision `7ae5`" in card
    assert "written by a service (claude)" in card
    assert "25 % of 4 [5, 70]" in card
    assert "| numbers supported by a fact | – | 25 % of 4 [5, 70] |" in card
    assert "NOT USEFUL" not in card


def test_the_card_of_the_made_model_warns_and_one_without_held_out_rows_says_so():
    record = RECORD | {"base": {"name": "tiny", "revision": "", "licence": "Apache-2.0"}}
    report = {"split": None, "n_groups": 0, "note": "too few videos", "before": None, "after": None, "baselines": {}}
    card = card_text(record, report)
    assert "NOT USEFUL FOR COACHING" in card
    assert "Not measured: too few videos" in card
