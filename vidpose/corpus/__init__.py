"""The coaching corpus: facts from results, text from facts, and a dataset that was checked number by number."""
