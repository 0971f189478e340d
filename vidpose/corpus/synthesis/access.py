"""From settings and environment to providers: keys, addresses, models; refused early and all together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidpose.corpus.settings.synthesis import SynthesisSettings, Vendor
from vidpose.corpus.synthesis.prices import Price, default_model, price_of
from vidpose.corpus.synthesis.providers.anthropic_messages import AnthropicMessages
from vidpose.corpus.synthesis.providers.client import Access, checked_url
from vidpose.corpus.synthesis.providers.faults import Fault
from vidpose.corpus.synthesis.providers.openai_chat import OpenAIChat
from vidpose.corpus.synthesis.providers.openai_responses import OpenAIResponses
from vidpose.corpus.synthesis.providers.protocol import Provider
from vidpose.errors import UsageError

KEY_NAMES: Final[dict[Vendor, str]] = {"openai": "OPENAI_API_KEY", "claude": "ANTHROPIC_API_KEY"}
URL_NAMES: Final[dict[Vendor, str]] = {"openai": "OPENAI_BASE_URL", "claude": "ANTHROPIC_BASE_URL"}


def open_providers(settings: SynthesisSettings, environ: Mapping[str, str]) -> dict[Vendor, Provider]:
    """Make the providers; sends nothing.

    Parameters
    ----------
    settings
        Vendors, models, addresses.
    environ
        Environment variables; the only place where keys are looked for.

    Raises
    ------
    UsageError
        One message with everything that is missing or refused. A dry run needs no key.
    """
    made: dict[Vendor, Provider] = {}
    problems: list[str] = []
    for vendor in settings.vendors:
        try:
            model = model_of(settings, vendor)
            price_of(model, settings.prices)
            made[vendor] = _provider(vendor, model, settings, _access(vendor, settings, environ))
        except UsageError as refused:
            problems.append(refused.message)
    if problems:
        raise UsageError("; ".join(problems))
    return made


def preflight(settings: SynthesisSettings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Check keys and models before any work is done; free of charge.

    Parameters
    ----------
    settings
        Vendors, models, addresses.
    environ
        Environment variables.

    Returns
    -------
    tuple of str
        Warnings, such as a model that will be shut down.

    Raises
    ------
    UsageError
        When a key is missing or not accepted, a model unknown, or a vendor out of reach.
    """
    warnings: list[str] = []
    problems: list[str] = []
    for vendor, provider in open_providers(settings, environ).items():
        try:
            warnings += [] if settings.dry_run else provider.preflight()
        except Fault as found:
            problems.append(f"{vendor} at {provider.host}: {found.message}")
        finally:
            provider.close()
    if problems:
        raise UsageError("; ".join(problems))
    return tuple(warnings)


def model_of(settings: SynthesisSettings, vendor: Vendor) -> str:
    """Return the vendor's model: from the settings, else from the price table."""
    return settings.models.get(vendor) or default_model(vendor)


def prices_of(settings: SynthesisSettings) -> dict[str, Price]:
    """Return the prices of the models in use, by model."""
    models = [model_of(settings, vendor) for vendor in settings.vendors]
    return {model: price_of(model, settings.prices) for model in models}


def _access(vendor: Vendor, settings: SynthesisSettings, environ: Mapping[str, str]) -> Access:
    name = KEY_NAMES[vendor]
    key = environ.get(name, "").strip()
    if not key and not settings.dry_run:
        raise UsageError(
            f"{vendor}: expected a key in the environment variable {name}, found none; set it and run again"
        )
    url = settings.base_urls.get(vendor) or environ.get(URL_NAMES[vendor], "").strip()
    return Access("" if settings.dry_run else key, checked_url(url, vendor), settings.timeout_s)


def _provider(vendor: Vendor, model: str, settings: SynthesisSettings, access: Access) -> Provider:
    if vendor == "claude":
        return AnthropicMessages(model, access)
    return OpenAIChat(model, access) if settings.openai_api == "chat" else OpenAIResponses(model, access)
