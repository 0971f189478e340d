"""The documented command lines parse, in both spellings, to the settings that they mean."""

import re
from pathlib import Path

import click
import pytest

from vidpose.cli.options import OPTIONS, as_flags, with_options
from vidpose.cli.run import command
from vidpose.config import Settings, load_settings

DOCUMENTED = {
    "--video public/your_video.mp4": {"video": Path("public/your_video.mp4")},
    "--video public/basketball_game.mp4 --sport_type basketball": {
        "video": Path("public/basketball_game.mp4"),
        "sport_type": "basketball",
    },
    "--video public/training.mp4 --output results": {
        "video": Path("public/training.mp4"),
        "output": Path("results"),
    },
    "--input public": {"input": Path("public")},
    "--input videos --workers 6 --batch_size 8": {"input": Path("videos"), "workers": 6, "batch_size": 8},
    "--input public --no_video": {"input": Path("public"), "no_video": True},
    "--memory_limit 0.3": {"memory_limit": 0.3},
    "--memory_limit 0.2 --workers 2 --batch_size 3": {"memory_limit": 0.2, "workers": 2, "batch_size": 3},
    "--memory_limit 0.6 --workers 8 --batch_size 10": {"memory_limit": 0.6, "workers": 8, "batch_size": 10},
    "--input public --train_llm": {"input": Path("public"), "train_llm": True},
    "--input public --train_llm --use_openai": {"input": Path("public"), "train_llm": True, "use_openai": True},
    "--input public --train_llm --use_claude": {"input": Path("public"), "train_llm": True, "use_claude": True},
    "--input public --train_llm --use_openai --use_claude": {
        "input": Path("public"),
        "train_llm": True,
        "use_openai": True,
        "use_claude": True,
    },
}
OTHERS = {
    "": {},
    "-i in -o out -m mod -l data": {
        "input": Path("in"),
        "output": Path("out"),
        "models": Path("mod"),
        "llm_data": Path("data"),
    },
    "-v a.mp4 --llm_models nets": {"video": Path("a.mp4"), "llm_models": Path("nets")},
    "--workers auto --engine inline --height_m 1.8": {"engine": "inline", "height_m": 1.8},
    "--fresh --verify --redo_failures": {"fresh": True, "verify": True, "redo_failures": True},
    "--resume": {},
}


def hyphened(line):
    return re.sub(r"--[a-z_]+", lambda option: option[0].replace("_", "-"), line)


def parsed(line):
    context = command.make_context("pipeline.py", line.split())
    own = {"config", "dry_run", "quiet", "verbose"}
    return load_settings(None, as_flags({name: value for name, value in context.params.items() if name not in own}))


def expected(changes):
    sport = load_settings(None, {"sport_type": changes.get("sport_type", "general")})
    return sport.model_copy(update=changes)


@pytest.mark.parametrize("spelling", [str, hyphened])
@pytest.mark.parametrize("line", [*DOCUMENTED, *OTHERS])
def test_a_command_line_gives_the_settings_that_it_means(line, spelling):
    assert parsed(spelling(line)) == expected((DOCUMENTED | OTHERS)[line])


def test_no_option_at_all_changes_nothing():
    assert parsed("") == Settings()


def test_options_without_value_are_flags_and_say_nothing_when_absent():
    params = command.make_context("pipeline.py", []).params
    assert {name: value for name, value in params.items() if value not in (None, False)} == {}


@pytest.mark.parametrize("spelling", [str, hyphened])
def test_dry_run_has_both_spellings_too(spelling):
    assert command.make_context("pipeline.py", [spelling("--dry_run")]).params["dry_run"] is True


def test_every_long_option_with_underscores_can_be_written_with_hyphens():
    for parameter in command.params:
        for name in parameter.opts:
            if name.startswith("--") and "_" in name:
                assert name.replace("_", "-") in parameter.opts


def test_every_option_has_help():
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))


def test_no_two_options_share_a_name():
    names = [name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)]
    assert len(names) == len(set(names))


def test_the_options_keep_their_order():
    @click.command()
    @with_options
    def bare(**options):
        """Carry the options."""

    assert [parameter.name for parameter in bare.params][:4] == ["input", "video", "output", "models"]
    assert len(bare.params) == len(OPTIONS)


@pytest.mark.parametrize("line", ["--memory-limits 0.3", "--worker", "extra", "--batch_size"])
def test_what_is_no_option_is_refused(line):
    with pytest.raises(click.UsageError):
        command.make_context("pipeline.py", line.split())
