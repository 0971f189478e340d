"""The corpus on the command line: built, verified, refused."""

import importlib.util
import shutil

import pytest
from click.testing import CliRunner

from vidpose.cli import main
from vidpose.config import load_settings
from vidpose.corpus.coaching import train_model
from vidpose.corpus.dataset.publish import COMPLETE
from vidpose.errors import VidposeError
from vidpose.state.lock import lock_folders


def invoke(*words):
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="vidpose")


@pytest.mark.thorough
def test_build_says_what_came_out_and_verify_finds_no_error(command_corpus):
    folder, said = command_corpus
    assert (said.exit_code, "examples" in said.output) == (0, True), said.output
    checked = invoke("corpus", "verify", folder / "data")
    assert checked.exit_code == 0, checked.output
    assert "no errors" in checked.output


@pytest.mark.thorough
def test_a_corrupted_row_is_named(command_corpus, tmp_path):
    folder, _ = command_corpus
    export = next((folder / "data" / "exports").glob("sft.openai.train.jsonl"))
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(export.read_bytes() + b"{no json\n")
    said = invoke("corpus", "verify", broken)
    assert said.exit_code == 1
    assert "broken.jsonl:" in said.output


def test_nothing_to_learn_from_is_one_sentence(tmp_path):
    said = invoke("corpus", "build", "--models", tmp_path / "none", "--llm_data", tmp_path / "data")
    assert said.exit_code == 2
    assert said.output.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="the training libraries are here")
@pytest.mark.thorough
def test_training_without_its_libraries_says_how_to_get_them(command_corpus):
    folder, _ = command_corpus
    said = invoke("train", "--llm_data", folder / "data", "--llm_models", folder / "llm", "--base_model", "tiny")
    assert said.exit_code == 1
    assert "vidpose[llm]" in said.output


@pytest.mark.thorough
def test_a_second_build_in_the_same_folder_is_refused(command_corpus):
    folder, _ = command_corpus
    before = (folder / "data" / "manifest.json").read_bytes()
    with lock_folders([folder / "data"], "other"):
        said = invoke("corpus", "build", "--models", folder / "models", "--llm_data", folder / "data")
    assert said.exit_code == 75
    assert "another run" in said.output
    assert (folder / "data" / "manifest.json").read_bytes() == before


@pytest.mark.thorough
def test_training_completes_an_interrupted_publication_first(command_corpus, tmp_path):
    folder, _ = command_corpus
    data = shutil.copytree(folder / "data", tmp_path / "data")
    (data / COMPLETE).mkdir()
    for name in ("data", "manifest.json"):
        (data / name).rename(data / COMPLETE / name)
    with lock_folders([data], "other"):  # somebody else is at it
        said = invoke("train", "--llm_data", data, "--llm_models", tmp_path / "llm", "--base_model", "tiny")
    assert (said.exit_code, (data / COMPLETE).is_dir()) == (75, True)
    settings = load_settings(None, {"llm_data": data, "llm_models": tmp_path / "llm", "memory_limit": 1e-6})
    with pytest.raises(VidposeError):  # no room to train in
        train_model(settings, print)
    assert not (data / COMPLETE).exists()
    assert (data / "manifest.json").is_file()
