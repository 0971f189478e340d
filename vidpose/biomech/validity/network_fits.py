"""Which networks the expected errors were fitted to, and how much wider they are for all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from vidpose.biomech.validity.support import AngleSupportSettings
from vidpose.types.findings import Finding

FITTED: Final[dict[str, float]] = {
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f": 1.0,  # BlazePose full, of mediapipe 0.10.21
}
"""Factor of the expected errors by the SHA-256 of the landmark network."""
WIDEST: Final = 1.5
"""Factor for every other network, and for landmarks of unknown origin. Ours: on four
rendered clips the errors of the lite network are 1.3 times as large as those of the full one."""


def error_factor(model_files: Mapping[str, str]) -> float:
    """Return the factor of the expected errors for the networks of a run, by file name and SHA-256."""
    return next((FITTED[sha256] for sha256 in model_files.values() if sha256 in FITTED), WIDEST)


def fitted_to(settings: AngleSupportSettings, model_files: Mapping[str, str]) -> AngleSupportSettings:
    """Return the settings with the expected errors of the networks that estimated the landmarks."""
    factor = settings.errors.network_factor * error_factor(model_files)
    return replace(settings, errors=replace(settings.errors, network_factor=factor))


def describe_fit(model_files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield that the expected errors were not fitted to the network, where that is so."""
    factor = error_factor(model_files)
    if factor != 1.0:
        yield Finding(
            "errors_not_fitted",
            "the expected errors were fitted to BlazePose's full network; the landmarks come from "
            + (", ".join(sorted(model_files)) or "an unknown source")
            + f", so errors are stated {factor:g} times as large and fewer values are valid",
            severity="info",
            details={"factor": factor, "networks": dict(sorted(model_files.items()))},
        )
