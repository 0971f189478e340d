"""One file per wire format; each implements the protocol of :mod:`vidpose.corpus.synthesis.providers.protocol`."""
