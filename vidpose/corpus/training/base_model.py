"""Where the base model comes from: a local folder, the Hugging Face cache, the hub, or ``tiny`` made from scratch."""

from __future__ import annotations

import dataclasses
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from vidpose.corpus.settings.training import TINY
from vidpose.corpus.training.failures import BaseModelError
from vidpose.state.atomic import write_bytes
from vidpose.state.bounded_reading import MAX_JSON_BYTES, read_bounded

HUB: Final = "https://huggingface.co"
PROBE_S: Final = 3.0
"""Time that the hub has to answer, s (ours): without a network the libraries themselves hang for up to 46 s."""

_WANTED_FILES: Final = ["*.safetensors", "*.json", "*.txt", "*.jinja", "*.model", "README.md", "LICENSE*"]
_HUB_ID: Final = re.compile(r"(?P<id>[\w.-]+(/[\w.-]+)?)(@(?P<revision>[\w./-]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A base model that lies on this machine.

    Attributes
    ----------
    name
        Hub id, name of the local folder, or ``tiny``.
    revision
        Commit on the hub; empty for others.
    licence
        As its card declares it; ``unknown`` when it does not.
    folder
        Where its files are.
    """

    name: str
    revision: str
    licence: str
    folder: Path

    @property
    def words(self) -> str:
        """Name and revision for people."""
        return f"{self.name}@{self.revision}" if self.revision else self.name

    def write(self, path: Path) -> None:
        """Write it down, so that a resumed run takes the very same model."""
        write_bytes(path, orjson.dumps(dataclasses.asdict(self) | {"folder": str(self.folder)}))


def read_base(path: Path) -> BaseModel | None:
    """Read what :meth:`BaseModel.write` wrote; None when it is not there or its folder is gone."""
    if not path.is_file():
        return None
    stored: dict[str, Any] = orjson.loads(path.read_bytes())
    folder = path.parent / stored["folder"]  # stays absolute when it is; relative for ``tiny``, so that runs can move
    return BaseModel(**(stored | {"folder": folder})) if (folder / "config.json").is_file() else None


def looks_like_path(spec: str) -> bool:
    """Return whether ``spec`` names a folder; hub ids have one slash at most and start with no dot or tilde."""
    return spec.startswith((".", "/", "~")) or spec.count("/") > 1 or "\\" in spec or Path(spec).is_dir()


def refuse_bad_spec(spec: str) -> None:
    """Refuse, without any library or network, what cannot be a base model.

    Raises
    ------
    BaseModelError
        For a folder that is none or is incomplete, and for an impossible hub id.
    """
    if spec == TINY:
        return
    if looks_like_path(spec):
        _local(Path(spec).expanduser())
    elif not _HUB_ID.fullmatch(spec):
        raise BaseModelError(f"base_model: expected a hub id such as Qwen/Qwen2.5-0.5B-Instruct, got {spec!r}")


def child_environment(spec: str, environment: Mapping[str, str], n_threads: int) -> dict[str, str]:
    """Return the environment of a child that uses ``spec``: set before its imports, which read it once.

    Parameters
    ----------
    spec
        The base model; only a hub id makes the hub be asked.
    environment
        Environment to start from; an offline wish in it is kept.
    n_threads
        CPU threads; 0 sets none.
    """
    variables = dict(environment)
    variables |= {"HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONUNBUFFERED": "1"}
    if n_threads:
        variables |= {"OMP_NUM_THREADS": str(n_threads), "MKL_NUM_THREADS": str(n_threads)}
    local = spec == TINY or looks_like_path(spec)
    if local or not (variables.get("HF_HUB_OFFLINE") or hub_answers(variables.get("HF_ENDPOINT", HUB))):
        variables["HF_HUB_OFFLINE"] = "1"
    return variables


def hub_answers(endpoint: str, wait_s: float = PROBE_S) -> bool:
    """Ask once whether anything answers at ``endpoint``; an error page is an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(endpoint, method="HEAD"), timeout=wait_s):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def fetch(spec: str) -> BaseModel:
    """Find or download the base model ``spec``; runs in the child, whose environment says whether the hub answers.

    Raises
    ------
    BaseModelError
        When it cannot be had, with the ways out.
    """
    if looks_like_path(spec):
        return _local(Path(spec).expanduser())
    match = _HUB_ID.fullmatch(spec)
    if match is None:
        raise BaseModelError(f"base_model: expected a hub id, got {spec!r}")
    return _from_hub(match["id"], match["revision"])


def _from_hub(name: str, revision: str | None) -> BaseModel:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        folder = Path(snapshot_download(name, revision=revision, allow_patterns=_WANTED_FILES))
    except GatedRepoError as error:
        raise BaseModelError(f"{name} asks for its licence to be accepted on the hub; {_ways_out()}") from error
    except RepositoryNotFoundError as error:
        raise BaseModelError(f"the hub knows no model {name}: check the id; {_ways_out()}") from error
    except LocalEntryNotFoundError as error:
        raise BaseModelError(
            f"the model {name} is not on this machine and the hub does not answer; {_ways_out()}"
        ) from error
    except HfHubHTTPError as error:
        raise BaseModelError(f"{name} could not be downloaded ({error}); {_ways_out()}") from error
    _refuse_incomplete(folder, name)
    return BaseModel(name, folder.name, declared_licence(folder), folder)


def _local(folder: Path) -> BaseModel:
    if not folder.is_dir():
        raise BaseModelError(f"base_model: there is no folder {folder}; {_ways_out()}")
    _refuse_incomplete(folder, str(folder))
    return BaseModel(folder.resolve().name, "", declared_licence(folder), folder.resolve())


def _refuse_incomplete(folder: Path, name: str) -> None:
    missing = [wanted for wanted in ("config.json", "tokenizer_config.json") if not (folder / wanted).is_file()]
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        shards = set(orjson.loads(read_bounded(index))["weight_map"].values())
        missing += sorted(shard for shard in shards if not (folder / shard).is_file())
    elif not any(folder.glob("*.safetensors")):
        missing.append("*.safetensors (pickled weights are never opened)")
    if missing:
        raise BaseModelError(f"the model {name} is incomplete: it lacks {', '.join(missing)}; {_ways_out()}")


def _ways_out() -> str:
    home = os.environ.get("HF_HOME", "~/.cache/huggingface")
    return (
        "three ways out: (1) copy a snapshot of the model here and give its folder as base_model, "
        f"(2) set HF_HOME (now {home}) to a cache that holds it, "
        f"(3) base_model {TINY} tries the whole way with a model made from scratch, which is useless for coaching"
    )


def declared_licence(folder: Path) -> str:
    """Return the licence that the model's card declares in its head, ``unknown`` when there is none."""
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    head = re.match(r"---\n(.*?)\n---", text, re.DOTALL)
    licence = re.search(r"^license:[ \t]*([\w.-]+)", head[1], re.MULTILINE) if head else None
    return licence[1] if licence else "unknown"


def n_parameters(folder: Path) -> int:
    """Count the weights in the safetensors files of ``folder``, from their heads alone."""
    total = 0
    for path in folder.glob("*.safetensors"):
        with path.open("rb") as stream:
            n_bytes = int.from_bytes(stream.read(8), "little")
            head = orjson.loads(stream.read(min(n_bytes, MAX_JSON_BYTES)))
        for name, tensor in head.items():
            if name != "__metadata__":
                count = 1
                for length in tensor["shape"]:
                    count *= length
                total += count
    return total
