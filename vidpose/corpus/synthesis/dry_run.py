"""What would be sent, and what it would cost, in a file to read; nothing leaves the machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from vidpose.corpus.synthesis.prices import CostEstimate, Price, estimate, table, usd
from vidpose.corpus.synthesis.providers.protocol import Provider, Request
from vidpose.state.atomic import write_bytes

REQUESTS_FILE: Final = "synthesis_dry_run.jsonl"
SUMMARY_FILE: Final = "synthesis_dry_run.json"


@dataclass(frozen=True, slots=True)
class Costs:
    """What requests will use, by vendor.

    Attributes
    ----------
    hosts, models
        Where they go.
    prices
        By model.
    as_batch
        Whether they go as a batch.
    parts
        Estimates.
    """

    hosts: dict[str, str]
    models: dict[str, str]
    prices: Mapping[str, Price]
    as_batch: dict[str, bool]
    parts: dict[str, CostEstimate]

    @property
    def together(self) -> CostEstimate:
        """Sum over the vendors."""
        return CostEstimate(
            *(sum(getattr(part, one.name) for part in self.parts.values()) for one in fields(CostEstimate))
        )


def foreseen_costs(
    requests: Sequence[Request], providers: Sequence[Provider], prices: Mapping[str, Price], threshold: int
) -> Costs:
    """Add up what ``requests`` will use.

    Parameters
    ----------
    requests
        Those without an answer in the ledger.
    providers
        Where they go.
    prices
        By model.
    threshold
        More requests than this go as a batch, at half the price.
    """
    shares = {one.vendor: [each for each in requests if each.vendor == one.vendor] for one in providers}
    as_batch: dict[str, bool] = {
        one.vendor: one.has_batches and len(shares[one.vendor]) > threshold for one in providers
    }
    return Costs(
        {one.vendor: one.host for one in providers},
        {one.vendor: one.model for one in providers},
        prices,
        as_batch,
        {name: estimate(share, prices, batch=as_batch[name]) for name, share in shares.items()},
    )


def write_dry_run(folder: Path, requests: Sequence[Request], costs: Costs) -> None:
    """Write the requests with their prices, and a summary.

    Parameters
    ----------
    folder
        Where the two files go.
    requests
        Those without an answer in the ledger.
    costs
        Of ``requests``.
    """
    lines = [_line(one, costs.prices[one.model], costs.as_batch[one.vendor]) for one in requests]
    written = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
    write_bytes(folder / REQUESTS_FILE, written.encode())
    summary = {
        "hosts": costs.hosts,
        "models": costs.models,
        "as_batch": costs.as_batch,
        "by_vendor": {name: asdict(part) for name, part in costs.parts.items()},
        "together": asdict(costs.together),
        "prices_as_of": table()["as_of"],
        "note": "Tokens are estimates: 3.5 bytes each, answers at 40 % of their limit. worst_usd is what is reserved. "
        "What a judge reads depends on the answers; here it reads the originals twice.",
    }
    write_bytes(folder / SUMMARY_FILE, (json.dumps(summary, indent=2, sort_keys=True) + "\n").encode())


def _line(request: Request, price: Price, batch: bool) -> dict[str, Any]:
    return {
        "key": request.key,
        "vendor": request.vendor,
        "model": request.model,
        "api": request.api,
        "purpose": request.purpose,
        "body": request.body,
        "expected_usd": usd(price.expected_nano(request, batch=batch)),
        "worst_usd": usd(price.worst_nano(request, batch=batch)),
    }
