"""What the person at the terminal meets: quick help, refusals in one go, dry runs that write nothing, exit codes."""

import errno
import importlib.util
import os
import re
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import av
import pytest
from click.testing import CliRunner
from waiting import wait_for

import vidpose
from vidpose.cli import main
from vidpose.cli.run import command
from vidpose.cli.version import installed_version
from vidpose.config import Settings
from vidpose.corpus.coaching import check_coaching
from vidpose.corpus.commands.coach import results_folder
from vidpose.corpus.training.parent import LIBRARIES
from vidpose.state.layout import Layout
from vidpose.state.ledger import Ledger
from vidpose.state.lock import lock_folders

PROJECT = Path(__file__).resolve().parents[2]
PIPELINE = [sys.executable, str(PROJECT / "pipeline.py")]
VIDPOSE = [sys.executable, "-c", "from vidpose.cli import main; main(prog_name='vidpose')"]
HEAVY = {"numpy", "pydantic", "ray", "dask", "distributed", "mediapipe", "cv2", "av", "pandas", "scipy", "rich", "yaml"}


@pytest.fixture
def place(tmp_path):
    """An input folder with one clip that cannot be decoded, and result folders that do not exist yet."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "words.mp4").write_bytes(b"only some words, no video at all" * 50)
    return tmp_path


def invoke(place, *words, folders=True):
    given = ["--input", place / "in", "--output", place / "out", "--models", place / "mod"] if folders else []
    return CliRunner().invoke(command, [*map(str, given), *map(str, words)], prog_name="pipeline.py")


def written(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.name not in ("in", "words.mp4"))


# --- help ---------------------------------------------------------------------------------------------------------


def test_the_script_answers_and_says_nothing_else():
    said = subprocess.run([*PIPELINE, "--help"], capture_output=True, text=True, check=True)
    assert said.stdout.strip()
    assert said.stderr == ""


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"]])
def test_help_imports_nothing_heavy(words):
    code = f"""
import sys
from vidpose.cli import main
try:
    main({words!r})
except SystemExit:
    print(sorted(set(sys.modules) & {HEAVY!r}), file=sys.stderr)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stderr == "[]\n"


def test_the_script_and_the_command_offer_the_same():
    ours = CliRunner().invoke(command, ["--help"], prog_name="pipeline.py").output
    theirs = CliRunner().invoke(main, ["run", "--help"], prog_name="vidpose").output
    assert ours.splitlines()[1:] == theirs.splitlines()[1:]
    assert "--memory_limit" in ours


def test_the_group_lists_its_commands_without_loading_them():
    said = CliRunner().invoke(main, ["--help"])
    assert said.exit_code == 0
    assert "Process a folder of videos" in said.output


def test_every_listed_command_can_be_loaded():
    for name in main.list_commands(None):
        assert main.get_command(None, name).callback is not None
    assert main.get_command(None, "dance") is None


@pytest.mark.parametrize("entry", [command, main])
def test_the_version(entry):
    said = CliRunner().invoke(entry, ["--version"])
    assert (said.exit_code, said.output) == (0, f"vidpose, version {installed_version()}\n")


def test_without_installation_the_version_is_that_of_the_source(monkeypatch):
    def nothing_installed(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nothing_installed)
    assert installed_version() == vidpose.__version__


# --- refusals before any work -------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--dry_run"]])
def test_offline_without_networks_the_ways_out_are_named(place, words, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))
    monkeypatch.setattr("vidpose.pose.models.installed_models", lambda complexity: None)
    said = invoke(place, "--offline", *words)
    assert said.exit_code == 4
    assert said.output.startswith("vidpose: offline: ")
    assert "vidpose models fetch full" in said.output
    assert written(place) == []


def test_a_missing_default_folder_names_ways_to_begin(place, monkeypatch):
    monkeypatch.chdir(place)
    said = invoke(place, folders=False)
    assert said.exit_code == 2
    for words in ("--input FOLDER", "--video FILE", "mannequin_squat_raise.mp4"):
        assert words in said.output
    assert written(place) == []


@pytest.mark.parametrize(
    ("flags", "key"),
    [
        (["--train-llm", "--use-openai"], "OPENAI_API_KEY"),
        (["--train_llm", "--use_claude"], "ANTHROPIC_API_KEY"),
        (["--use_openai", "--use_claude"], "ANTHROPIC_API_KEY"),
    ],
)
def test_a_missing_key_is_told_before_any_work(place, flags, key, monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    (place / "public").mkdir(exist_ok=True)
    said = invoke(place, *flags)
    assert said.exit_code == 2
    assert said.output.startswith("vidpose: ")
    assert key in said.output
    assert said.output.count("\n") == 1
    assert written(place) == [] or written(place) == ["public"]


def test_several_bad_values_are_refused_together(place):
    words = "--memory_limit 7 --workers many --batch_size 0 --engine slurm --height_m tall --sport_type tenis"
    said = invoke(place, *words.split())
    assert said.exit_code == 2
    for name in ("memory_limit", "workers", "batch_size", "engine", "height_m", "sport_type"):
        assert f"{name}: " in said.output
    assert "did you mean tennis?" in said.output
    assert said.output.count("\n") == 1
    assert written(place) == []


def test_a_bad_configuration_file_is_named(place):
    config = place / "in" / "my.yaml"
    config.write_text("batchsize: 3\n")
    said = invoke(place, "--config", config)
    assert said.exit_code == 2
    assert f"{config}: unknown key batchsize (did you mean batch_size?)" in said.output


@pytest.mark.parametrize("dry_run", [[], ["--dry_run"]])
@pytest.mark.parametrize(("option", "kind"), [("--input", "folder"), ("--video", "file")])
def test_an_input_that_is_not_there_is_named(place, option, kind, dry_run):
    gone = place / "gone"
    said = invoke(place, option, gone, "--output", place / "out", "--models", place / "mod", *dry_run, folders=False)
    assert said.exit_code == 2
    assert f"{option} {gone}: expected a {kind}" in said.output
    assert written(place) == []


def test_a_folder_given_as_video_is_refused(place):
    said = invoke(place, "--video", place / "in", folders=False)
    assert said.exit_code == 2
    assert "expected a file, found a folder; use --input" in said.output


def test_a_file_given_as_folder_is_refused(place):
    file = place / "in" / "words.mp4"
    said = invoke(place, "--input", file, "--output", place / "out", "--models", place / "mod", folders=False)
    assert said.exit_code == 2
    assert f"--input {file}: expected a folder with videos, found a file; use --video" in said.output


def test_a_folder_without_videos_says_what_is_looked_for(place):
    (place / "in" / "words.mp4").unlink()
    said = invoke(place, "--engine", "inline")
    assert said.exit_code == 2
    expected = f"{place / 'in'}: expected videos there or in its sub-folders, found none; their names end in 264 "
    assert expected in said.output
    assert written(place) == ["out", "out/vidpose.log"]


def test_a_folder_and_a_video_exclude_each_other(place):
    said = invoke(place, "--video", place / "in" / "words.mp4")
    assert said.exit_code == 2
    assert "--input and --video exclude each other" in said.output
    assert written(place) == []


@pytest.mark.parametrize("dry_run", [[], ["--dry_run"]])
def test_a_pose_model_that_is_not_there_is_named_once(place, dry_run):
    gone = place / "gone.task"
    said = invoke(place, "--pose_model", gone, *dry_run)
    assert (said.exit_code, said.output) == (2, f"vidpose: --pose_model {gone}: expected a .task file, found none\n")
    assert written(place) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--stride foo", "--stride: expected a valid integer or 'auto', got 'foo'"),
        ("--stride 0", "--stride: expected auto or a whole number of at least 1, got 0"),
        ("--export foo,trc", "--export: expected some of sto, trc, c3d, mot, coco, dlc, got foo"),
        ("--render_height 10", "--render_height: expected 64 to 16384, or nothing, got 10"),
        ("--codec vp9", "--codec: expected 'h264', 'hevc' or 'av1', got 'vp9'"),
    ],
)
def test_a_bad_value_is_one_sentence_with_its_option(place, words, sentence):
    said = invoke(place, *words.split())
    assert (said.exit_code, said.output) == (2, f"vidpose: {sentence}\n")


def test_quiet_and_verbose_exclude_each_other(place):
    said = invoke(place, "--quiet", "--verbose")
    assert said.exit_code == 2
    assert "--quiet and --verbose exclude each other" in said.output
    assert written(place) == []


@pytest.mark.parametrize("words", [["--memory-limits", "0.3"], ["extra"], ["--batch_size"]])
def test_what_is_no_option_is_refused(place, words):
    said = invoke(place, *words)
    assert said.exit_code == 2
    assert words[0] in said.output
    assert written(place) == []


@pytest.mark.parametrize("blocked", ["out", "out/vidpose.log"])
def test_an_output_that_cannot_be_written_is_named(place, blocked):
    if blocked == "out":
        (place / "out").write_bytes(b"")
    else:
        (place / blocked).mkdir(parents=True)
    said = invoke(place)
    assert said.exit_code == 4
    assert said.output.startswith("vidpose: ")
    assert "cannot be written" in said.output
    assert "--output" in said.output
    assert not (place / "mod").exists()


# --- commands offer what has an effect ------------------------------------------------------------------------------


def options_of(*words):
    command = main
    for word in words:
        command = command.get_command(None, word)
    return {parameter.name for parameter in command.params}


def test_analyse_offers_poses_and_numbers_and_neither_pictures_nor_coaching():
    offered, of_a_run = options_of("analyse"), options_of("run")
    assert {"max_people", "stride", "height_m", "cutoff_hz", "export", "no_plots", "engine", "dry_run"} <= offered
    assert of_a_run - offered == {
        *("no_video", "batch_size", "render_height", "codec", "thumbnail", "gif", "blur_faces", "train_llm"),
        *("use_openai", "use_claude", "base_model", "max_cost", "llm_dry_run", "athletes_file"),
        *("llm_data", "llm_models"),
    }


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (
            ("corpus", "build"),
            {"config", "models", "llm_data", "use_openai", "use_claude", "max_cost", "llm_dry_run", "athletes_file"},
        ),
        (("train",), {"config", "memory_limit", "llm_data", "llm_models", "base_model"}),
    ],
)
def test_corpus_and_training_offer_their_own_options(words, offered):
    assert options_of(*words) == offered


@pytest.mark.parametrize("words", [["analyse", "--codec", "av1"], ["corpus", "build", "--gif"]])
def test_an_option_without_effect_is_refused(words):
    said = CliRunner().invoke(main, words)
    assert said.exit_code == 2
    assert "No such option" in said.output
    assert next(word for word in words if word.startswith("--")) in said.output


# --- coaching ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("video", ["sub/a.mp4", "public/sub/a.mp4", "/data/public/sub/a.mp4"])
def test_coach_finds_the_results_of_a_video_by_its_own_path(tmp_path, video):
    results = tmp_path / "sub" / "a.mp4"
    results.mkdir(parents=True)
    (results / "metrics.parquet").touch()
    assert results_folder(tmp_path, video) == results
    assert results_folder(tmp_path, "sub/b.mp4") == tmp_path / "sub" / "b.mp4"


def test_coach_names_a_model_that_is_not_there(place):
    said = CliRunner().invoke(main, ["coach", str(place / "gone"), "a.mp4", "--models", str(place)])
    assert (said.exit_code, said.output) == (
        2,
        f"vidpose: {place / 'gone'}: expected the folder of a trained model, found none\n",
    )


@pytest.mark.parametrize("more", [[], ["--train_llm"]])
def test_a_list_of_athletes_that_is_not_there_is_refused_before_the_work(place, more):
    said = invoke(place, "--athletes_file", place / "gone.csv", *more)
    assert said.exit_code == 2
    assert "gone.csv: expected a CSV file with video and athlete" in said.output
    assert written(place) == []


def test_missing_training_libraries_are_told_before_the_work():
    told = []
    check_coaching(Settings(train_llm=True), told.append)
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    assert all(name in told[0] for name in missing) if missing else not told


# --- dry run ------------------------------------------------------------------------------------------------------


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dry_run_says_what_and_why_and_writes_nothing(place, sample_video):
    (place / "in" / "squat.mp4").symlink_to(sample_video)
    said = invoke(place, "--dry_run")
    assert said.exit_code == 0, said.output
    assert "words.mp4" in said.output
    assert "quarantine" in said.output
    assert "not_a_video" in said.output.replace("\n", "").replace(" ", "")
    assert "1 of 2 videos need work" in said.output
    assert "nothing was done" in said.output
    assert written(place) == ["in/squat.mp4"]


def test_a_dry_run_beside_results_changes_not_one_byte(place, sample_video):
    layout = Layout(place / "out", place / "mod")
    with Ledger(layout.ledger) as ledger:
        ledger.remember_speed("pose", 10.0)
        (place / "in" / "squat.mp4").symlink_to(sample_video)
        before = snapshot(place)  # the ledger is open and its last write is not in the main file yet
        said = invoke(place, "--dry_run")
        assert snapshot(place) == before
    assert said.exit_code == 0
    with av.open(str(sample_video)) as video:
        stream = video.streams.video[0]
        pose_s = 10.0 * stream.frames * stream.width * stream.height / 1e6
    minutes = float(re.search(r"about ([0-9.]+) min on one core", said.output)[1])
    assert minutes == pytest.approx(pose_s / 60, rel=0.01), "the measured speed counts; drawing is quick beside it"


def test_a_dry_run_shows_long_names_whole(place, sample_video):
    name = "a long name " * 8 + ".mp4"
    (place / "in" / name).symlink_to(sample_video)
    rows = invoke(place, "--dry_run").output.splitlines()
    assert name.replace(" ", "") in "".join(row.split("  ")[0] for row in rows).replace(" ", "")


def test_a_dry_run_of_an_empty_folder(place):
    (place / "in" / "words.mp4").unlink()
    said = invoke(place, "--dry_run")
    assert said.exit_code == 2
    assert "expected videos there or in its sub-folders, found none" in said.output


# --- whole runs ---------------------------------------------------------------------------------------------------


def start(place, *words):
    folders = ["--input", place / "in", "--output", place / "out", "--models", place / "mod"]
    return subprocess.Popen(
        [*PIPELINE, *map(str, folders), "--engine", "inline", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_a_folder_in_use_is_exit_75_and_the_others_log_is_left_alone(place):
    (place / "out").mkdir()
    (place / "out" / "vidpose.log").write_text("the first run's traceback\n")
    with lock_folders([place / "mod"], "first run"):
        run = start(place)
        out, err = run.communicate()
    assert run.returncode == 75
    assert out == ""
    assert f"another run (process {os.getpid()}) is writing here" in err
    assert "Traceback" not in err
    assert (place / "out" / "vidpose.log").read_text() == "the first run's traceback\n"


@pytest.mark.slow
def test_nothing_but_bad_files_is_exit_4_with_the_advice(place):
    (place / "out").mkdir()
    (place / "out" / "vidpose.log").write_text("an earlier run\n")
    run = start(place)
    out, err = run.communicate()
    assert run.returncode == 4
    assert err == ""
    assert "quarantined: words.mp4 (not_a_video)\n" in out
    assert "words.mp4: Invalid data found when processing input. ffmpeg does not recognise the file as a video." in out
    assert out.count("ffmpeg does not recognise") == out.count("words.mp4: ") == 1
    assert out.splitlines()[-1].startswith("1 quarantined in ")
    assert "an earlier run" not in (place / "out" / "vidpose.log").read_text()


@pytest.mark.slow
@pytest.mark.thorough
def test_the_second_signal_ends_at_once_with_the_code_of_the_first(place, sample_video):
    (place / "in" / "words.mp4").unlink()
    (place / "in" / "squat.mp4").symlink_to(sample_video)
    run = start(place, "--verbose")
    assert run.stdout.readline().startswith("squat.mp4: ")  # planned
    maps = Path(f"/proc/{run.pid}/maps")
    wait_for(lambda: "openvino" in maps.read_text(), "the network that the pose unit opens")
    run.send_signal(signal.SIGINT)
    wait_for(lambda: run.stdout.readline().startswith("SIGINT: finishing what is running"), "its sentence")
    run.send_signal(signal.SIGINT)
    out, err = run.communicate()
    assert run.returncode == 130
    assert "run the same command again" in out
    assert "Traceback" not in out + err


@pytest.mark.parametrize("option", ["--output", "--models"])
def test_results_that_would_lie_over_the_videos_are_refused(place, option):
    said = invoke(place, option, place / "in")
    assert said.exit_code == 2
    assert f"{place / 'in' / 'words.mp4'}: expected room for the folder" in said.output


def test_an_interruption_before_the_run_is_exit_130(place, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("vidpose.cli.session.load_settings", interrupted)
    said = invoke(place)
    assert said.exit_code == 130
    assert said.output.startswith("vidpose: stopped; every finished file is kept")


@pytest.mark.slow
@pytest.mark.thorough
def test_a_reader_that_goes_away_does_not_end_the_run(place):
    run = start(place)
    run.stdout.close()
    run.stderr.close()
    assert run.wait() == 4
    assert (place / "out" / "run_report.json").is_file()


@pytest.mark.slow
def test_a_full_disk_is_named_in_one_sentence(place, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "run_report.json")

    monkeypatch.setattr("vidpose.workflow.run.write_run_report", full)
    said = invoke(place, "--engine", "inline")
    assert said.exit_code == 4
    assert "vidpose: run_report.json: No space left on device; every finished segment and file is kept" in said.output
