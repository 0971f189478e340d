"""Settings: who beats whom, what is refused, and that every default stands once."""

import dataclasses
import functools
import re
from pathlib import Path

import click
import pytest
import yaml

from vidpose.cli.options import OPTIONS, as_flags
from vidpose.config import RESULT_KEYS, Settings, load_settings, sports
from vidpose.errors import ConfigError
from vidpose.resources import DEFAULT_CONFIG, SPORTS_FOLDER
from vidpose.short_names import SHORT_NAMES


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a configuration file."""

    def write(text):
        path = tmp_path / "my.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(config, **flags):
    with pytest.raises(ConfigError) as refused:
        load_settings(config, flags)
    return refused.value.message


def cutoff_hz(settings):
    return settings.analysis.butterworth.cutoff_hz


# --- who beats whom -----------------------------------------------------------------------------------------------


def test_without_file_and_flags_the_defaults_stand():
    assert load_settings(None, {}) == Settings()


def test_sport_beats_default_file_beats_sport_flag_beats_file(written):
    fast = written("sport_type: running\nbatch_size: 7\nmemory_limit: 0.3\n")
    slow = "sport_type: running\nanalysis: {butterworth: {cutoff_hz: 9.0}}\n"
    assert cutoff_hz(load_settings(None, {})) == 6.0
    settings = load_settings(fast, {"memory_limit": 0.2})
    assert (cutoff_hz(settings), settings.batch_size, settings.memory_limit) == (12.0, 7, 0.2)
    assert cutoff_hz(load_settings(written(slow), {})) == 9.0


def test_the_sport_of_the_command_line_beats_the_sport_of_the_file(written):
    settings = load_settings(written("sport_type: running\n"), {"sport_type": "fitness"})
    assert (settings.sport_type, cutoff_hz(settings)) == ("fitness", 6.0)


def test_an_absent_flag_never_beats_the_file(written):
    everything = dict.fromkeys(Settings.model_fields)
    settings = load_settings(written("no_video: true\nbatch_size: 9\nworkers: 3\nvideo: a.mp4\n"), everything)
    assert (settings.no_video, settings.batch_size, settings.workers) == (True, 9, 3)
    assert settings.video == Path("a.mp4")


def test_one_nested_key_leaves_its_neighbours_alone(written):
    settings = load_settings(written("analysis: {hampel: {n_sigma: 4.0}}\n"), {"sport_type": "tennis"})
    expected = load_settings(None, {"sport_type": "tennis"})
    assert settings.analysis.hampel == dataclasses.replace(expected.analysis.hampel, n_sigma=4.0)
    assert settings.analysis.butterworth == expected.analysis.butterworth


def test_an_empty_file_changes_nothing(written):
    assert load_settings(written("# nothing\n"), {}) == Settings()


@pytest.mark.parametrize(("given", "workers"), [("auto", None), ("4", 4), (4, 4), (None, None)])
def test_workers_are_a_number_or_auto(given, workers):
    assert load_settings(None, {"workers": given}).workers == workers


def test_workers_auto_in_the_file_and_a_number_on_the_command_line(written):
    assert load_settings(written("workers: auto\n"), {"workers": "2"}).workers == 2
    assert load_settings(written("workers: 2\n"), {"workers": "auto"}).workers is None


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("batchsize: 3", "unknown key batchsize (did you mean batch_size?)"),
        ("segments: {lenght_s: 3}", "unknown key segments.lenght_s (did you mean length_s?)"),
        (
            "people: {max_look_distance: 0.3}",
            "unknown key people.max_look_distance (did you mean max_appearance_distance?)",
        ),
        ("analysis: {butterworth: {cutof: 3}}", "unknown key analysis.butterworth.cutof (did you mean cutoff_hz?)"),
        ("zzzzzz: 1", "unknown key zzzzzz"),
        ("1: 2", "unknown key 1"),
        ("segments: {1: 2}", "unknown key segments.1"),
    ],
)
def test_an_unknown_key_is_refused_once_with_the_nearest_valid_one(written, text, sentence):
    config = written(text)
    assert refusal(config) == f"{config}: {sentence}"


def test_all_mistakes_come_in_one_message(written):
    config = written(
        "batchsize: 3\nmemory_limit: 7\nsegments: {length_s: -1}\npose: {model_complexity: 9}\nsport_type: tenis\n"
    )
    message = refusal(config, workers="many", height_m="0.1", engine="slurm")
    for part in (
        str(config),
        "batchsize (did you mean batch_size?)",
        "memory_limit: expected less than or equal to 0.95, got 7",
        "segments: length_s: expected more than 0, got -1",
        "pose: model_complexity: expected 0, 1 or 2, got 9",
        "'tenis' (did you mean tennis?)",
        "workers: ",
        "'many'",
        "height_m: ",
        "engine: ",
        "'slurm'",
    ):
        assert part in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("memory_limit", [0.01, 0.95, "0.3"], [0, -0.1, 0.951, 40, "forty", True, float("nan")]),
        ("workers", [1, 256, "auto"], [0, -3, 257, "--3", "²", 1.5]),
        ("batch_size", [1, 1000, "5"], [0, 1001, "x", 2.5]),
        ("height_m", [0.31, 2.79, "1.8"], [0.3, 2.8, 180, float("inf"), "tall"]),
        ("engine", ["inline", "distributed"], ["dask", ""]),
    ],
)
def test_ranges(name, good, bad):
    for value in good:
        load_settings(None, {name: value})
    for value in bad:
        assert refusal(None, **{name: value}).startswith(f"--{name}: ")


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
@pytest.mark.parametrize(
    "key", ["segments: {length_s: %s}", "analysis: {gaps: {max_gap_s: %s}}", "overlay: {line_scale: %s}"]
)
def test_numbers_are_finite_at_every_depth(written, key, number):
    assert "finite number" in refusal(written(key % number))


def test_an_unknown_sport_lists_the_known_ones():
    message = refusal(None, sport_type="curling")
    assert "sport_type: expected one of " + ", ".join(sports()) + ", or the path of a YAML file" in message


def test_a_sport_may_be_a_file_of_ones_own(tmp_path):
    file = tmp_path / "rowing.yaml"
    file.write_text("label: rowing\nsettings: {analysis: {butterworth: {cutoff_hz: 4.5}}}\n")
    settings = load_settings(None, {"sport_type": str(file)})
    assert (settings.sport_type, cutoff_hz(settings)) == ("rowing.yaml", 4.5)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("label: rowing\n", r"rowing\.yaml: expected the key 'settings'"),
        ("settings: {analysis: {cutof: 3}}\n", r"unknown key sport .*rowing\.yaml: analysis\.cutof"),
        ("[", r"rowing\.yaml: is not YAML"),
    ],
)
def test_a_sport_file_that_cannot_be_used_is_named(tmp_path, content, sentence):
    file = tmp_path / "rowing.yaml"
    file.write_text(content)
    assert re.search(sentence, refusal(None, sport_type=str(file)))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- 1\n- 2\n", "expected keys and values, got list"),
        ("just words", "expected keys and values, got str"),
        ("a: b: c", "is not YAML"),
        ("a: [1,", "is not YAML"),
        ("segments: 5", "segments: "),
        ("segments:", "segments: "),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_by_name(written, text, sentence):
    config = written(text)
    message = refusal(config)
    assert message.startswith(f"{config}: ")
    assert sentence in message


def test_a_file_that_is_not_text_is_refused(tmp_path):
    config = tmp_path / "my.yaml"
    config.write_bytes(b"input: \xff\xfe\n")
    assert "is not YAML" in refusal(config)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path, make):
    config = tmp_path / "my.yaml"
    make(config)
    assert refusal(config).startswith(f"{config}: cannot be read (")


def test_settings_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="frozen"):
        Settings().batch_size = 3


# --- every default once -------------------------------------------------------------------------------------------


@click.command()
def bare():
    """Carry the options."""


for option in OPTIONS:
    option(bare)
PARAMETERS = {parameter.name: parameter for parameter in bare.params}
SETTING_OPTIONS = sorted(set(PARAMETERS) - {"resume"})


def default_of(name):
    if name not in SHORT_NAMES:
        return Settings.model_fields[name].default
    default = functools.reduce(getattr, SHORT_NAMES[name], Settings())
    return ",".join(default) if isinstance(default, tuple) else default


def test_every_option_is_a_setting():
    assert (set(SETTING_OPTIONS) - set(SHORT_NAMES)) | {"fresh"} <= set(Settings.model_fields)
    for path in SHORT_NAMES.values():
        functools.reduce(getattr, path, Settings())


def test_every_single_value_is_an_option():
    single = {name for name in Settings.model_fields if not dataclasses.is_dataclass(getattr(Settings(), name))}
    of_a_command = {"no_pose"}  # what vidpose analyse is
    assert single == (set(SETTING_OPTIONS) - set(SHORT_NAMES)) | {"fresh"} | of_a_command


@pytest.mark.parametrize("name", SETTING_OPTIONS)
def test_the_help_quotes_the_default_of_the_setting(name):
    default = default_of(name)
    quoted = re.findall(r"\[([^\]]+)\]", PARAMETERS[name].help)
    if name in SHORT_NAMES and default is None:
        assert len(quoted) == 1, "says in words what happens without it"
    elif quoted:
        given = as_flags(dict.fromkeys(PARAMETERS) | {name: quoted[0]})
        assert load_settings(None, given) == Settings(), "the quoted value is the default"
        assert quoted == ["auto" if default is None else f"{default:g}" if isinstance(default, float) else str(default)]
    else:
        assert default is None or default is False


def test_resume_is_the_default_that_its_help_quotes():
    assert "[resume]" in PARAMETERS["resume"].help
    assert Settings().fresh is False
    none_given = dict.fromkeys(PARAMETERS)
    fresh = [as_flags(none_given | {"resume": value})["fresh"] for value in (None, True, False)]
    assert fresh == [None, False, True]


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_no_option_has_a_default_of_its_own(name):
    assert bare.make_context("bare", []).params[name] is None


# --- the files that come with the project -------------------------------------------------------------------------


def flat(content, prefix=""):
    leaves = {}
    for key, value in content.items():
        leaves |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return leaves


def test_the_default_file_holds_the_defaults():
    assert load_settings(DEFAULT_CONFIG, {}) == Settings()


def test_the_default_file_holds_every_key_once():
    lines = DEFAULT_CONFIG.read_text(encoding="utf-8").splitlines()
    stated = [line.split(":")[0] for line in lines if re.match(r"^[a-z]", line)]
    assert stated == list(Settings.model_fields), "every setting, in the order of Settings"
    content = flat(yaml.safe_load("\n".join(lines)))
    assert sorted(content) == sorted(flat(Settings().model_dump()))


def test_every_key_of_the_default_file_is_explained_beside_it():
    for line in DEFAULT_CONFIG.read_text(encoding="utf-8").splitlines():
        key = re.match(r"^ *([a-z_]+):(.*)$", line)
        if key and key[2].strip():
            assert re.search(r" # \S", line), f"{line!r}: expected what it means, behind a #"


def test_general_changes_nothing():
    assert load_settings(None, {"sport_type": "general"}) == Settings()


@pytest.mark.parametrize("path", sorted(SPORTS_FOLDER.glob("*")), ids=lambda path: path.name)
def test_every_sport_file_loads_and_says_what_it_is(path):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(content) == {"label", "settings"}
    assert content["label"].strip()
    settings = load_settings(None, {"sport_type": path.stem})
    changed = flat(settings.model_dump())
    for key, value in flat(content["settings"]).items():
        assert changed[key] == value


def test_the_sports_of_the_documented_commands_exist():
    assert {"general", "basketball"} <= set(sports())


def test_settings_that_numbers_depend_on_are_recorded_as_plain_values():
    recorded = Settings().result_settings()
    assert list(recorded) == list(RESULT_KEYS)
    assert recorded["analysis"]["butterworth"] == {"cutoff_hz": 6.0, "order": 4}
