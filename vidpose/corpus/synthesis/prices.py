"""What tokens cost, and what a request costs at most and probably.

Money is counted in whole nano-dollars, so sums are exact and a limit is a limit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from vidpose.corpus.synthesis.providers.protocol import Request, Usage
from vidpose.errors import UsageError

NANO: Final = 1_000_000_000
BYTES_PER_TOKEN: Final = 3.5
"""Of English and German text with JSON around it; an estimate, ours."""
OVERHEAD_TOKENS: Final = 1000
"""What a vendor may add around a request (roles, the schema's own prompt); ours, several times what was seen."""
EXPECTED_OUTPUT_SHARE: Final = 0.4
"""Share of the output limit that answers use; ours."""


@dataclass(frozen=True, slots=True)
class Price:
    """Price of one model in nano-dollars per token; cached input counts as fully paid, so sums are upper bounds."""

    input_nano: int
    output_nano: int
    batch_factor: float = 1.0

    def cost_nano(self, usage: Usage, *, batch: bool = False) -> int:
        """Return what a request cost."""
        full = usage.input_tokens * self.input_nano + usage.output_tokens * self.output_nano
        return math.ceil(full * self.batch_factor) if batch else full

    def worst_nano(self, request: Request, *, batch: bool = False, room: int = 0) -> int:
        """Return the most that a request can cost.

        A byte-level token has at least one byte, so the bytes of the body bound the input.

        Parameters
        ----------
        request
            The request.
        batch
            Whether it travels in a batch.
        room
            Output limit, when it differs from the request's own.
        """
        usage = Usage(request.n_bytes + OVERHEAD_TOKENS, room or request.max_output_tokens)
        return self.cost_nano(usage, batch=batch)

    def expected_nano(self, request: Request, *, batch: bool = False) -> int:
        """Return what a request will probably cost."""
        return self.cost_nano(expected_usage(request), batch=batch)


def expected_usage(request: Request) -> Usage:
    """Return the tokens that a request will probably use."""
    output = round(request.max_output_tokens * EXPECTED_OUTPUT_SHARE)
    return Usage(math.ceil(request.n_bytes / BYTES_PER_TOKEN), output)


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a set of requests will use, before anything is sent."""

    n_requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    expected_usd: float = 0.0
    worst_usd: float = 0.0


def estimate(requests: Iterable[Request], prices: Mapping[str, Price], *, batch: bool = False) -> CostEstimate:
    """Add up what ``requests`` will use; ``prices`` by model."""
    several = list(requests)
    used = [expected_usage(one) for one in several]
    return CostEstimate(
        len(several),
        sum(one.input_tokens for one in used),
        sum(one.output_tokens for one in used),
        usd(sum(prices[one.model].expected_nano(one, batch=batch) for one in several)),
        usd(sum(prices[one.model].worst_nano(one, batch=batch) for one in several)),
    )


def table() -> dict[str, Any]:
    """Return the price table that comes with the package."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("prices.json").read_text(encoding="utf-8"))
    return found


def default_model(vendor: str) -> str:
    """Return the vendor's model that is used when the settings name none."""
    return str(table()["defaults"][vendor])


def price_of(model: str, given: Mapping[str, tuple[float, float]]) -> Price:
    """Return a model's price.

    Parameters
    ----------
    model
        Its name.
    given
        Prices from the settings, US dollars per million input and output tokens; they go before the table.

    Raises
    ------
    UsageError
        When it is unknown: without a price no limit can be kept.
    """
    known = table()
    if model in given:
        into, out = given[model]
        return Price(_nano_per_token(into), _nano_per_token(out), float(known["batch_factor"]))
    if model not in known["models"]:
        raise UsageError(
            f"the price of model {model!r} is not known (table of {known['as_of']}), so no cost limit can be kept; "
            "give its price per million input and output tokens in the settings (0 and 0 for a model of your own)",
            model=model,
        )
    row = known["models"][model]
    return Price(_nano_per_token(row["input"]), _nano_per_token(row["output"]), float(known["batch_factor"]))


def usd(nano: int) -> float:
    """Return nano-dollars as dollars."""
    return nano / NANO


def _nano_per_token(usd_per_million: float) -> int:
    return math.ceil(round(usd_per_million * 1000, 6))
