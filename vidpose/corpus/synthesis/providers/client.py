"""What all formats share: the SDK and its client, address, key, time limits; and how an answer becomes plain values."""

from __future__ import annotations

import importlib
import ipaddress
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from vidpose.corpus.privacy import quiet_loggers
from vidpose.corpus.synthesis.providers.faults import Fault, fault, fault_of_error
from vidpose.errors import UsageError

CONNECT_S: Final = 10.0
LOOK_BACK_S: Final = 120.0
"""How far the vendor's clock may be behind ours when a batch is looked for by its time, s; ours."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a vendor; the key shows in no representation.

    Attributes
    ----------
    key
        From the environment; empty in a dry run.
    base_url
        Other address than the vendor's own; empty for that one.
    timeout_s
        Longest wait for an answer, s.
    """

    key: str = field(default="", repr=False)
    base_url: str = ""
    timeout_s: float = 120.0


def checked_url(url: str, vendor: str) -> str:
    """Return a base URL that a key may be sent to.

    Raises
    ------
    UsageError
        Unless it is https, or http to this machine, without a user name in it.
    """
    if not url:
        return ""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(f"base URL of {vendor}: expected scheme, host and path only; keys belong in the environment")
    if parts.scheme == "https" and host:
        return url.rstrip("/")
    if parts.scheme == "http" and _is_loopback(host):
        return url.rstrip("/")
    raise UsageError(
        f"base URL of {vendor}: expected https://..., or http:// to this machine, got {parts.scheme}://{host}; "
        "anything else would send the key in the clear",
        vendor=vendor,
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sdk(name: str) -> Any:
    """Import a vendor's SDK and silence its loggers.

    Raises
    ------
    UsageError
        When it is not installed.
    """
    try:
        module = importlib.import_module(name)
    except ImportError:
        raise UsageError(f"the package {name!r} is not installed: pip install 'vidpose[llm]'", package=name) from None
    quiet_loggers()
    return module


@contextmanager
def named_faults(errors: type[Exception], secret: str) -> Iterator[None]:
    """Turn whatever an SDK raises into a :class:`Fault`, without the request that hangs on its exceptions.

    Broken bodies surface as ``ValueError``, ``AttributeError`` or ``TypeError`` from inside the SDKs.

    Parameters
    ----------
    errors
        Base class of the SDK's own exceptions.
    secret
        The key, to be taken out of messages.
    """
    try:
        yield
    except Fault:
        raise
    except (errors, ValueError, AttributeError, TypeError, KeyError) as error:
        found = fault_of_error(error, secret)
    else:
        return
    raise found


def plain_body(raw: Any, secret: str) -> dict[str, Any]:
    """Return the JSON object of a raw answer, read by us: the SDKs' models are stricter than the servers."""
    text = raw.text() if callable(raw.text) else raw.text
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise fault("bad_body", "HTTP 200 without a JSON object", secret)
    return body


def json_lines(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a result file; a cut last line is left out, so its request counts as unanswered."""
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


class VendorClient:
    """One model of a vendor, reached through the vendor's SDK, which is imported with the first request.

    Parameters
    ----------
    model
        Name of the model.
    access
        How to reach the vendor.
    """

    package: ClassVar[str]
    sdk_class: ClassVar[str]
    own_host: ClassVar[str]
    options: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, model: str, access: Access) -> None:
        self.model = model
        self.host = access.base_url or self.own_host
        self._access = access

    @cached_property
    def _sdk(self) -> Any:
        return sdk(self.package)

    @cached_property
    def _client(self) -> Any:
        limits = importlib.import_module("httpx2").Timeout(self._access.timeout_s, connect=CONNECT_S)
        make = getattr(self._sdk, self.sdk_class)
        return make(api_key=self._access.key, base_url=self.host, max_retries=0, timeout=limits, **self.options)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        client = self.__dict__.pop("_client", None)
        if client is not None:
            client.close()

    def _faults(self) -> AbstractContextManager[None]:
        return named_faults(getattr(self._sdk, f"{self.sdk_class}Error"), self._access.key)

    def _plain(self, raw: Any) -> dict[str, Any]:
        return plain_body(raw, self._access.key)

    def _described(self) -> dict[str, Any]:
        """Return what the vendor says of the model, which is free."""
        with self._faults():
            return self._plain(self._client.models.with_raw_response.retrieve(self.model))


def count(value: Any) -> int:
    """Return a token count; vendors write null for none."""
    return int(value or 0)
