"""What can go wrong on the way to a vendor, named, with what to do about it."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vidpose.corpus.privacy import redact
from vidpose.errors import VidposeError


@dataclass(frozen=True, slots=True)
class FaultKind:
    """How one kind of fault is treated.

    Attributes
    ----------
    advice
        What the user can do.
    again
        Whether the same request may be sent again.
    stops
        Whether no other request of this vendor can succeed either.
    billed
        Whether the vendor may have charged for it; its reserve then stays counted.
    """

    advice: str
    again: bool = False
    stops: bool = False
    billed: bool = False


KINDS: Final[dict[str, FaultKind]] = {
    "rate_limit": FaultKind("run again later; finished requests are kept and are not paid twice", again=True),
    "server": FaultKind("the vendor has a problem; run again later", again=True),
    "timeout": FaultKind("raise the time limit or try again later", again=True, billed=True),
    "connection": FaultKind("check the network and the base URL", again=True, billed=True),
    "bad_body": FaultKind("the answer was no JSON: check that the base URL is the API's", again=True, billed=True),
    "wrong_key": FaultKind("the key was not accepted: set a valid one in the environment", stops=True),
    "no_credit": FaultKind("the account has no credit or its limit is reached: add credit", stops=True),
    "forbidden": FaultKind("the key may not use this model: ask for access or choose another model", stops=True),
    "no_model": FaultKind("the vendor does not know this model or address: choose another model", stops=True),
    "bad_request": FaultKind("the vendor refuses the request's form: the model may lack structured output", stops=True),
    "too_large": FaultKind("the request is too large: lower the number of facts per text"),
    "no_batch": FaultKind("the vendor rejected the batch; nothing was charged", stops=True),
    "expired": FaultKind("the batch expired; the rest is sent again", again=True),
    "budget": FaultKind("the cost limit is reached: raise --max_cost to continue; finished work is kept", stops=True),
}
"""Every kind by name. 408, 409, 429, 5xx and broken transfers may be repeated, as both SDKs do; the rest may not."""

STATUS: Final[dict[int, str]] = {
    400: "bad_request",
    401: "wrong_key",
    402: "no_credit",
    403: "forbidden",
    404: "no_model",
    408: "timeout",
    409: "server",
    413: "too_large",
    422: "bad_request",
    429: "rate_limit",
}
NO_CREDIT: Final = ("insufficient_quota", "credit balance is too low", "billing", "exceeded your current quota")
"""Words by which the vendors say, with status 400 or 429, that there is no money: waiting does not help."""


class Fault(VidposeError):
    """A request that brought no reply.

    ``context`` carries ``kind``, a key of :data:`KINDS`, and where there is one ``status`` and ``retry_after_s``.
    """

    @property
    def kind(self) -> str:
        """Name in :data:`KINDS`."""
        return str(self.context["kind"])

    @property
    def treatment(self) -> FaultKind:
        """How it is treated."""
        return KINDS[self.kind]

    @property
    def retry_after_s(self) -> float:
        """Time that the server asks for, s; NaN when it asks for none."""
        return float(self.context.get("retry_after_s", float("nan")))

    @property
    def may_repeat(self) -> bool:
        """Whether the same request may be sent again; the server's own word goes first."""
        return bool(self.context.get("may_repeat", self.treatment.again))


def fault(kind: str, message: str, secret: str = "", **context: Any) -> Fault:
    """Make a fault whose message says what happened and what to do, without secrets."""
    said = redact(" ".join(message.split())[:300], secret)
    return Fault(f"{kind}: {said}; {KINDS[kind].advice}", kind=kind, **context)


def fault_of_status(status: int, headers: Mapping[str, str], text: str, secret: str) -> Fault:
    """Name an HTTP error.

    Parameters
    ----------
    status, headers, text
        What the server sent.
    secret
        The key, which servers like to quote.
    """
    kind = STATUS.get(status, "server" if status >= 500 else "bad_request")
    if status in (400, 403, 429) and any(word in text.lower() for word in NO_CREDIT):
        kind = "no_credit"
    context: dict[str, Any] = {"status": status, "retry_after_s": retry_after_s(headers, time.time())}
    wish = headers.get("x-should-retry", "")
    if wish in ("true", "false") and not KINDS[kind].stops:
        context["may_repeat"] = wish == "true"
    return fault(kind, f"HTTP {status}, {_message(text)}", secret, **context)


def fault_of_error(error: Exception, secret: str) -> Fault:
    """Name an exception of either SDK; both have the same names for the same things."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None)
    if response is not None and status is not None and int(status) >= 400:
        return fault_of_status(int(status), response.headers, _text(response), secret)
    name = type(error).__name__
    if "Timeout" in name:
        return fault("timeout", "no answer in time", secret)
    if "Connection" in name:
        return fault("connection", f"the connection broke ({name})", secret)
    return fault("bad_body", f"an answer that is not an API response ({name})", secret)


def retry_after_s(headers: Mapping[str, str], now_s: float) -> float:
    """Return the wait that the server asks for, s: ``retry-after-ms``, seconds or an HTTP date; NaN without one."""
    try:
        return max(float(headers.get("retry-after-ms", "")) / 1000.0, 0.0)
    except ValueError:
        pass
    text = headers.get("retry-after", "")
    try:
        return max(float(text), 0.0)
    except ValueError:
        moment = email.utils.parsedate_tz(text)
    return float("nan") if moment is None else max(email.utils.mktime_tz(moment) - now_s, 0.0)


def _text(response: Any) -> str:
    try:
        return str(response.text)
    except RuntimeError:  # a streamed body that was not read
        return ""


def _message(text: str) -> str:
    """Return the vendor's own sentence; both write ``{"error": {"message": ...}}``."""
    try:
        found = json.loads(text)["error"]
        return str(found["message"]) if isinstance(found, dict) else str(found)
    except (ValueError, KeyError, TypeError):
        return "no message that could be read"
