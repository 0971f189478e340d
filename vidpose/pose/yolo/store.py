"""Converted networks: each set of weights is converted once and kept in the user's cache folder.

``~/.cache/vidpose/yolo/weights`` holds downloaded weights; ``~/.cache/vidpose/yolo/networks`` one folder per network,
named by weights, hash, input size and versions. A folder is made under a temporary name and renamed, so it is complete
or absent.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Final

from vidpose.errors import EstimatorError
from vidpose.hashing import file_sha256
from vidpose.pose.yolo.export import IMAGE_PX
from vidpose.pose.yolo.facts import METADATA_NAME

LICENCE_NOTICE: Final = (
    "The YOLO estimators use ultralytics, which is licensed under AGPL-3.0 together with the weights it publishes: "
    "anyone who distributes software built on them, or offers it as a service, must publish its source under the same "
    "licence, or hold an enterprise licence. See https://www.ultralytics.com/license. vidpose's other estimators do "
    "not use it."
)
INSTALL_ADVICE: Final = 'run: pip install "vidpose[yolo]"'
_TIMEOUT_S: Final = 900.0
_N_LAST_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class ConvertedModel:
    """A network on disk.

    Attributes
    ----------
    folder
        Holds one ``.xml`` with its ``.bin``, and ``metadata.yaml``.
    hashes
        (file name, SHA-256) of the weights, when known, and of the network's two files.
    """

    folder: Path
    hashes: tuple[tuple[str, str], ...]

    @property
    def xml(self) -> Path:
        """The file that OpenVINO reads."""
        return _single_xml(self.folder)


def converted_model(model: str, environment: Mapping[str, str] = os.environ) -> ConvertedModel:
    """Return the converted network, after downloading and converting the weights if necessary.

    Parameters
    ----------
    model
        Path of a ``.pt`` file, the name of weights that ultralytics publishes, such as ``yolo11n-pose.pt``, or a folder
        that ultralytics' own export to OpenVINO made.
    environment
        ``XDG_CACHE_HOME`` moves the cache folder; the program that converts gets the rest.

    Raises
    ------
    EstimatorError
        When the weights cannot be found or converted, or ultralytics is missing and needed.
    """
    path = Path(model).expanduser()
    if path.is_dir():
        return ConvertedModel(path, _network_hashes(path))
    weights = _find_weights(model, environment)
    if weights is None:
        weights = _fetch(model, environment)
    sha256 = file_sha256(weights)
    folder = _network_folder(weights.name, sha256, environment)
    if not folder.is_dir():
        _convert(weights, folder, environment)
    return ConvertedModel(folder, ((weights.name, sha256), *_network_hashes(folder)))


def first_use_notice(model: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the licence notice to show before a model is converted for the first time; None afterwards."""
    if Path(model).expanduser().is_dir():
        return None
    weights = _find_weights(model, environment)
    if weights is None or util.find_spec("ultralytics") is None:
        return LICENCE_NOTICE
    return None if _network_folder(weights.name, file_sha256(weights), environment).is_dir() else LICENCE_NOTICE


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where weights and networks are kept."""
    return Path(environment.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "vidpose" / "yolo"


def _find_weights(model: str, environment: Mapping[str, str]) -> Path | None:
    """Return the file of the weights; None for a bare name that was not downloaded yet."""
    path = Path(model).expanduser()
    if path.is_file():
        return path
    if path.name != model or path.suffix != ".pt":
        raise EstimatorError(
            f"yolo_model: expected a .pt file or the folder of a converted network at {model}, found none; give "
            "the path of one, or a bare name that ultralytics publishes, such as yolo11n-pose.pt"
        )
    fetched = cache_folder(environment) / "weights" / model
    return fetched if fetched.is_file() else None


def _fetch(name: str, environment: Mapping[str, str]) -> Path:
    target = cache_folder(environment) / "weights" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=target.parent) as work:
        file = Path(work) / name
        output = _run_export(["fetch", str(file)], Path(work), environment)
        if not file.is_file():
            raise EstimatorError(
                f"yolo_model: found no file {name} here or at {target}, and it could not be downloaded from "
                "https://github.com/ultralytics/assets/releases. Check the name and the network; or download the file "
                f"elsewhere and give its path. Output of ultralytics:\n{output}"
            )
        file.replace(target)
    return target


def _convert(weights: Path, folder: Path, environment: Mapping[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder.parent) as work:
        # ultralytics writes beside the weights, whose folder may be read-only.
        copy = Path(work) / weights.name
        copy.write_bytes(weights.read_bytes())
        made = Path(work) / "network"
        output = _run_export(["convert", str(copy), str(made)], Path(work), environment)
        if not made.is_dir():
            raise EstimatorError(
                f"{weights}: ultralytics could not convert these weights to OpenVINO; they may be damaged, or made for "
                f"another version. Its last output:\n{output}"
            )
        _network_hashes(made)  # refuses an incomplete network
        try:
            made.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            # Another process was faster, with the same weights and the same versions.


def _run_export(arguments: list[str], work: Path, environment: Mapping[str, str]) -> str:
    """Run the program that uses ultralytics; return the last lines of its output."""
    if util.find_spec("ultralytics") is None:
        raise EstimatorError(f"ultralytics is not installed; {INSTALL_ADVICE}")
    # Its own settings: the user's may allow usage statistics, or be in a read-only folder.
    child = {**environment, "YOLO_CONFIG_DIR": str(work)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "vidpose.pose.yolo.export", *arguments],
            env=child,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EstimatorError(
            f"{arguments[0]} {arguments[1]}: ultralytics did not finish within {_TIMEOUT_S:.0f} s"
        ) from error
    return "\n".join(done.stdout.strip().splitlines()[-_N_LAST_LINES:])


def _network_folder(name: str, sha256: str, environment: Mapping[str, str]) -> Path:
    try:
        versions = "-".join(f"{package}{metadata.version(package)}" for package in ("ultralytics", "openvino"))
    except metadata.PackageNotFoundError as error:
        raise EstimatorError(f"{error.name} is not installed; {INSTALL_ADVICE}") from error
    stem = Path(name).stem
    return cache_folder(environment) / "networks" / f"{stem}-{sha256[:16]}-{IMAGE_PX}px-{versions}"


def _network_hashes(folder: Path) -> tuple[tuple[str, str], ...]:
    xml = _single_xml(folder)
    for file in (xml.with_suffix(".bin"), folder / METADATA_NAME):
        if not file.is_file():
            raise EstimatorError(f"{folder}: expected {file.name} beside {xml.name}; delete the folder and run again")
    return tuple((file.name, file_sha256(file)) for file in (xml, xml.with_suffix(".bin")))


def _single_xml(folder: Path) -> Path:
    found = sorted(folder.glob("*.xml"))
    if len(found) != 1:
        raise EstimatorError(
            f"{folder}: expected the folder of a network converted to OpenVINO, with one .xml file; found {len(found)}"
        )
    return found[0]
