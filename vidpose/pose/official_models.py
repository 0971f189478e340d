"""The networks of BlazePose that are known: their sizes, their SHA-256 and where they are published.

MediaPipe's own build files pin the four networks by SHA-256 and address (``third_party/external_files.bzl``); the
wheel of mediapipe 0.10.21 and the npm package ``@mediapipe/pose`` carry the same landmark networks, byte for byte.
Google publishes no hashes of its ``.task`` files; those below are pinned alike by many public projects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

VARIANTS: Final = ("lite", "full", "heavy")
"""Names of the landmark networks, by ``model_complexity``."""
DETECTOR_FILE: Final = "pose_detection.tflite"
"""File name of the network that finds a body, in every package that carries it."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One published file: its largest size, each SHA-256 it may have (the usual one first), and its addresses."""

    name: str
    n_bytes: int
    sha256: tuple[str, ...]
    urls: tuple[str, ...]


def landmarks_file(variant: str) -> str:
    """Return the file name of a landmark network, in every package that carries it."""
    return f"pose_landmark_{variant}.tflite"


def task_name(variant: str) -> str:
    """Return the name of Google's ``.task`` file with both networks."""
    return f"pose_landmarker_{variant}.task"


def _landmarks(variant: str, n_bytes: int, sha256: str, generations: tuple[int, int]) -> PublishedFile:
    name = landmarks_file(variant)
    moved, first = generations
    urls = (f"{_ASSETS}/modules/pose_landmark/{name}?generation={moved}", f"{_ASSETS}/{name}?generation={first}")
    return PublishedFile(name, n_bytes, (sha256,), urls)


def _task(variant: str, n_bytes: int, *sha256: str) -> PublishedFile:
    name = task_name(variant)
    return PublishedFile(name, n_bytes, sha256, (f"{_TASKS}/pose_landmarker_{variant}/float16/1/{name}",))


_ASSETS: Final = "https://storage.googleapis.com/mediapipe-assets"
_TASKS: Final = "https://storage.googleapis.com/mediapipe-models/pose_landmarker"
_DETECTOR_OF_NPM: Final = "a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85"
PUBLISHED: Final = {
    file.name: file
    for file in (
        PublishedFile(
            DETECTOR_FILE,
            2_962_288,
            # the second is an older file with the same weights: every output is equal, bit for bit
            ("9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c", _DETECTOR_OF_NPM),
            (
                f"{_ASSETS}/tasks/testdata/vision/{DETECTOR_FILE}?generation=1782185215901406",
                f"{_ASSETS}/{DETECTOR_FILE}?generation=1678737489600422",
            ),
        ),
        _landmarks(
            "lite",
            2_819_824,
            "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
            (1782183674047673, 1661875901231143),
        ),
        _landmarks(
            "full",
            6_440_512,
            "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            (1782183658450386, 1661875894245786),
        ),
        _landmarks(
            "heavy",
            27_709_200,
            "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
            (1782183666398574, 1661875897944151),
        ),
        _task("lite", 5_777_746, "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a"),
        _task(
            "full",
            9_398_198,
            "5134a3aad27a58b93da0088d431f366da362b44e3ccfbe3462b3827a839011b1",
            # what the address with "latest" in place of "1" gives; lite and heavy are the same at both
            "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
        ),
        _task("heavy", 30_664_242, "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b"),
    )
}
"""By file name: the four networks, and Google's ``.task`` files of two networks each."""

_KNOWN_NETWORKS: Final = {
    PUBLISHED[DETECTOR_FILE].sha256[0]: "detector of mediapipe 0.10.21",
    _DETECTOR_OF_NPM: "detector of @mediapipe/pose 0.5",
    **{
        PUBLISHED[landmarks_file(variant)].sha256[0]: f"{variant} landmarks of mediapipe 0.10.21"
        for variant in VARIANTS
    },
}


def known_task(sha256: str) -> str | None:
    """Return what the ``.task`` file with this SHA-256 is; None when it is not a known one."""
    for variant in VARIANTS:
        known = PUBLISHED[task_name(variant)].sha256
        if sha256 in known:
            return f"official {variant}" + (" (latest)" if sha256 != known[0] else "")
    return None


def known_network(sha256: str) -> str | None:
    """Return what the network with this SHA-256 is; None when it is not one that vidpose was tested with."""
    return _KNOWN_NETWORKS.get(sha256)
