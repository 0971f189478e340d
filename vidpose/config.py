"""Settings of a run: defaults, then the sport's file, then ``--config``, then the command line.

Every default is stated once, beside the function that it controls; this module only puts them together. An unknown key
is refused with the nearest valid one, and all mistakes are reported together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from vidpose.biomech.analysis import AnalysisSettings
from vidpose.biomech.metrics.recording import Sex
from vidpose.corpus.settings import CorpusSettings, SynthesisSettings, TrainingSettings
from vidpose.errors import ConfigError, did_you_mean
from vidpose.planning.joining import SeamSettings
from vidpose.planning.keys import plain
from vidpose.planning.segments import SegmentSettings
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.identity.people_settings import PeopleSettings
from vidpose.pose.sampling import SamplingSettings
from vidpose.resources import SPORTS_FOLDER
from vidpose.results.csv_files import TableSettings
from vidpose.results.exports.export_settings import ExportSettings
from vidpose.results.plots.style import PlotSettings
from vidpose.state.bounded_reading import read_yaml
from vidpose.video.encode import RenderSettings
from vidpose.video.overlay import OverlaySettings
from vidpose.video.probe_limits import ProbeSettings
from vidpose.video.reading import ReadingSettings

RESULT_KEYS = (
    "sport_type",
    "height_m",
    "sex",
    "reading",
    "segments",
    "seams",
    "pose",
    "sampling",
    "people",
    "analysis",
)
"""Settings that the numbers depend on; they are written into every pose model."""
_NO_NAMES: Mapping[str, str] = {}
_REPORTED_ABOVE = ("unexpected_keyword_argument", "invalid_key")
"""Pydantic's words for unknown keys, which are reported with the nearest valid one."""


def _auto(value: Any) -> Any:
    return None if value == "auto" else value


class Settings(BaseModel):
    """Everything that can be set.

    Attributes
    ----------
    input, video
        Folder that is searched, or one file instead of it.
    output, models
        Folders of annotated videos and reports, and of pose models and tables.
    llm_data, llm_models
        Folders of the coaching corpus and of trained models.
    athletes_file
        CSV that names the athlete (and exercise) of each video.
    memory_limit
        Share of the machine's memory that the whole run may use.
    workers
        Processes for pose estimation and drawing; None chooses by cores and memory.
    batch_size
        Decoded frames that a worker holds at once.
    no_video, no_plots
        Write no annotated videos, or no plots.
    no_pose
        Use stored poses only; estimate none.
    hardware_decode
        Decode with a hardware decoder where there is one.
    offline
        Refuse to fetch the pose networks where they are missing; a run uses the network for nothing else.
    engine
        Which processes do the work; ``"auto"`` processes one short clip in the run's own process.
    fresh, verify, redo_failures
        Process everything again; hash results instead of comparing sizes; try quarantined videos again.
    train_llm, use_openai, use_claude
        Train a model on the corpus; let OpenAI or Claude write part of it.
    height_m
        Standing height of the main person; adds lengths in metres.
    sex
        Whose body-segment masses are used for the centre of mass.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    input: Path = Path("public")
    video: Path | None = None
    output: Path = Path("output")
    models: Path = Path("models")
    llm_data: Path = Path("llm_training_data")
    llm_models: Path = Path("llm_models")
    athletes_file: Path | None = None
    memory_limit: float = Field(0.4, gt=0.0, le=0.95)
    workers: Annotated[Annotated[int, Field(ge=1, le=256)] | None, BeforeValidator(_auto)] = None
    batch_size: int = Field(5, ge=1, le=1000)
    no_video: bool = False
    no_plots: bool = False
    no_pose: bool = False
    hardware_decode: bool = False
    offline: bool = False
    engine: Literal["auto", "distributed", "inline"] = "auto"
    fresh: bool = False
    verify: bool = False
    redo_failures: bool = False
    train_llm: bool = False
    use_openai: bool = False
    use_claude: bool = False
    sport_type: str = "general"
    height_m: float | None = Field(None, gt=0.3, lt=2.8)
    sex: Sex = "mean"
    reading: ReadingSettings = ReadingSettings()
    pose: PoseSettings = PoseSettings()
    sampling: SamplingSettings = SamplingSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    render: RenderSettings = RenderSettings()
    overlay: OverlaySettings = OverlaySettings()
    exports: ExportSettings = ExportSettings()
    tables: TableSettings = TableSettings()
    plots: PlotSettings = PlotSettings()
    probing: ProbeSettings = ProbeSettings()
    segments: SegmentSettings = SegmentSettings()
    seams: SeamSettings = SeamSettings()
    people: PeopleSettings = PeopleSettings()
    corpus: CorpusSettings = CorpusSettings()
    synthesis: SynthesisSettings = SynthesisSettings()
    training: TrainingSettings = TrainingSettings()

    def result_settings(self) -> dict[str, Any]:
        """Return the settings that numbers depend on, as plain JSON values."""
        return {key: plain(getattr(self, key)) for key in RESULT_KEYS}


def load_settings(
    config: Path | None, flags: Mapping[str, Any], names: Mapping[str, str] | None = _NO_NAMES
) -> Settings:
    """Put defaults, sport file, configuration file and flags together.

    Parameters
    ----------
    config
        YAML file, or None.
    flags
        Values given on the command line; None means not given.
    names
        What those flags are called whose settings have other names, such as ``sampling.stride``; None where settings
        are given in Python, so that errors have no dashes.

    Raises
    ------
    ConfigError
        One message that names every unknown key and every value out of range.
    """
    given = {key: value for key, value in flags.items() if value is not None}
    from_file = _read_yaml(config) if config is not None else {}
    problems = [*_unknown_keys(from_file, Settings, ""), *_unknown_keys(given, Settings, "")]
    sport = given.get("sport_type", from_file.get("sport_type", Settings.model_fields["sport_type"].default))
    from_sport, sport_problems = _sport(sport)
    problems += sport_problems
    merged = _merge(_merge(from_sport, from_file), given)
    known = {key: value for key, value in merged.items() if key in Settings.model_fields}
    if sport not in sports() and not sport_problems:
        known["sport_type"] = Path(sport).name  # results hold no folders of this machine
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        details = error.errors()
        others = [detail for detail in details if detail["type"] not in _REPORTED_ABOVE]
        problems += _sentences(
            others or ([] if problems else details), {} if names is None else _flag_names(given, names)
        )
    if problems:
        where = f"{config}: " if config is not None else ""
        raise ConfigError(where + "; ".join(problems))
    return settings


def sports() -> list[str]:
    """Return the names of the sports whose settings travel with vidpose."""
    return sorted(path.stem for path in SPORTS_FOLDER.glob("*.yaml"))


def _sport(name: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of a sport, given by its name or by a YAML file of one's own, and what is wrong with them."""
    if name in sports():
        file = SPORTS_FOLDER / f"{name}.yaml"
    elif isinstance(name, str | Path) and Path(name).is_file():
        file = Path(name)
    else:
        expected = f"expected one of {', '.join(sports())}, or the path of a YAML file"
        return {}, [f"sport_type: {expected}, got {name!r}{did_you_mean(name, sports())}"]
    content = _read_yaml(file)
    settings = content.get("settings")
    if not isinstance(settings, dict):
        return {}, [f"sport_type: {file}: expected the key 'settings' with keys and values, got {settings!r}"]
    return settings, _unknown_keys(settings, Settings, f"sport {name}: ")


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = read_yaml(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not YAML: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: expected keys and values, got {type(content).__name__}")
    return content


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``below`` with the values of ``above`` laid over it, key by key at every depth."""
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _unknown_keys(content: Mapping[str, Any], kind: Any, prefix: str) -> list[str]:
    valid = _fields(kind)
    problems = []
    for key, value in content.items():
        if key not in valid:
            problems.append(f"unknown key {prefix}{key}{did_you_mean(key, valid)}")
        elif isinstance(value, Mapping) and dataclasses.is_dataclass(valid[key]):
            problems += _unknown_keys(value, valid[key], f"{prefix}{key}.")
    return problems


def _fields(kind: Any) -> dict[str, Any]:
    """Return the keys of a settings type and, where a key holds settings itself, their type."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        default = kind()
        return {field.name: type(getattr(default, field.name)) for field in dataclasses.fields(kind)}
    return {name: field.annotation for name, field in kind.model_fields.items()}


def _flag_names(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Return the flag of every setting that was given as one."""
    names_by_setting = {key: f"--{key}" for key, value in given.items() if not isinstance(value, Mapping)}
    for path, name in names.items():
        group, _, key = path.partition(".")
        if key.partition(".")[0] in given.get(group, {}):
            names_by_setting[path] = name
    return names_by_setting


def _sentences(details: Sequence[Any], flags: Mapping[str, str]) -> list[str]:
    """Return one sentence per refused value; a setting with several types has one detail for each."""
    expected: dict[tuple[str, str], list[str]] = {}
    for detail in details:
        where = _where(detail["loc"])
        if detail["type"] == "value_error":  # raised by a settings dataclass, which says itself what it got
            said = detail["msg"].removeprefix("Value error, ")
            key, _, rest = said.partition(": ")
            flag = flags.get(f"{where}.{key}")
            expected[f"{flag}: {rest}" if flag else f"{where or 'settings'}: {said}", ""] = []
            continue
        words = detail["msg"].removeprefix("Input should be ").partition(", unable to parse")[0]
        begin = "" if words == detail["msg"] else "expected "
        if where.endswith("_m") and " than " in words:
            words += " metres"
        place = expected.setdefault((f"{flags.get(where, where) or 'settings'}: {begin}", repr(detail["input"])), [])
        place.append(words)
    return [
        f"{begin}{' or '.join(dict.fromkeys(words))}, got {got}" if words else begin
        for (begin, got), words in expected.items()
    ]


def _where(places: Sequence[str | int]) -> str:
    """Return the key that an error is about, without pydantic's words for types and without places in a list."""
    kept: list[str] = []
    kind: Any = Settings
    for place in places:
        if kind is not dict:
            fields = _fields(kind) if kind is Settings or dataclasses.is_dataclass(kind) else {}
            if place not in fields:
                break
            kind = fields[place]
        kept.append(str(place))
    return ".".join(kept)
