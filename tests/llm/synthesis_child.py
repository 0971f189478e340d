"""A run in a process of its own, to be killed: folder, vendor, address, number of examples, batch threshold."""

import logging
import sys
from pathlib import Path

from synthesis_cases import accept_all, made_cases

from vidpose.corpus.settings.synthesis import SynthesisSettings
from vidpose.corpus.synthesis.environment import Environment
from vidpose.corpus.synthesis.session import synthesise


def main(folder, vendor, url, n, threshold):
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    examples, facts = made_cases(int(n))
    settings = SynthesisSettings(
        vendors=(vendor,),
        base_urls={vendor: url},
        n_per_task=1000,
        batch_threshold=int(threshold),
        poll_s=0.02,
        adopt_pause_s=0.02,
        batch_wait_s=10.0,
        concurrency=4,
    )
    result = synthesise(examples, facts, settings, Path(folder), Environment(accept_all, say=print))
    print(dict(result.counts), result.stopped)


if __name__ == "__main__":
    main(*sys.argv[1:])
