"""One file per wire format; all of them speak the protocol of :mod:`vidpose.corpus.synthesis.providers.protocol`."""
