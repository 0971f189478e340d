"""Commands of the corpus: plug-ins of ``vidpose``, each a small file that parses, calls one function and prints."""
