"""The networks that Google publishes: which are known, and how a ``.task`` file is fetched.

Addresses: https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker. Google publishes no hashes. Those
below are pinned alike, with the same addresses and sizes, by many public projects that know nothing of each other; that
of lite also by the package mediapipe_vision 0.1.2 on pub.dev.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from vidpose.errors import EstimatorError

_CHUNK_BYTES: Final = 1 << 18
_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class OfficialTask:
    """One ``.task`` file of Google's: its variant, where it is published, its size and its SHA-256."""

    variant: str
    url: str
    n_bytes: int
    sha256: str


def _published(variant: str, n_bytes: int, sha256: str) -> OfficialTask:
    host = "https://storage.googleapis.com/mediapipe-models/pose_landmarker"
    name = f"pose_landmarker_{variant}"
    return OfficialTask(variant, f"{host}/{name}/float16/1/{name}.task", n_bytes, sha256)


OFFICIAL: Final = {
    task.variant: task
    for task in (
        _published("lite", 5_777_746, "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a"),
        _published("full", 9_398_198, "5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1"),
        _published("heavy", 30_664_242, "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b"),
    )
}
"""By variant: version 1 of each, whose address never changes its content."""

_KNOWN_TASKS: Final = {task.sha256: f"official {task.variant}" for task in OFFICIAL.values()} | {
    # what the address with "latest" in place of "1" gives; lite and heavy are the same at both
    "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad": "official full (latest)",
}
_KNOWN_NETWORKS: Final = {
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c": "detector of mediapipe 0.10.21",
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f": "full landmarks of mediapipe 0.10.21",
}


def known_task(sha256: str) -> str | None:
    """Return what the ``.task`` file with this SHA-256 is; None when it is not a known one."""
    return _KNOWN_TASKS.get(sha256)


def known_network(sha256: str) -> str | None:
    """Return what the network with this SHA-256 is; None when it is not one that vidpose was tested with."""
    return _KNOWN_NETWORKS.get(sha256)


def fetch_task(task: OfficialTask, file: Path, url: str | None = None) -> None:
    """Download a ``.task`` file, check its SHA-256 and only then put it at ``file``.

    Parameters
    ----------
    task
        What is expected to come.
    file
        Where it goes; its folder is made.
    url
        Another address with the same file; None for Google's.

    Raises
    ------
    EstimatorError
        When the address does not answer, other bytes come, or the file cannot be written.
    """
    source = url or task.url
    if not source.startswith(("https://", "http://")):
        raise EstimatorError(f"expected an address that begins with https:// or http://, got {source!r}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=f".{file.name}.part", dir=file.parent)
    except OSError as error:
        raise EstimatorError(f"{file}: cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            sha256 = _download(source, stream, task.n_bytes)
        if sha256 != task.sha256:
            raise EstimatorError(
                f"{source}: expected SHA-256 {task.sha256} ({task.n_bytes} bytes), got {sha256}; nothing was kept. "
                "Try again, or fetch the file by other means and give it with --pose_model FILE"
            )
        Path(part).replace(file)
    finally:
        with contextlib.suppress(FileNotFoundError):  # moved to its place
            Path(part).unlink()


def _download(url: str, stream: IO[bytes], n_bytes: int) -> str:
    """Write what the address gives, one chunk beyond ``n_bytes`` at most; return its SHA-256."""
    digest, n_read = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
            while n_read <= n_bytes and (chunk := answer.read(_CHUNK_BYTES)):
                digest.update(chunk)
                stream.write(chunk)
                n_read += len(chunk)
    except urllib.error.HTTPError as error:
        with error:
            raise EstimatorError(f"{url}: the server answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise EstimatorError(
            f"{url}: the download failed: {getattr(error, 'reason', error)}. Without network, fetch the file "
            "elsewhere and give it with --pose_model FILE"
        ) from error
    return digest.hexdigest()
