"""A second, plain reader of numbers, written without looking at the first: every number must be some fact's number."""

import json
import re
from itertools import combinations

from vidpose.biomech.metric_dictionary import DICTIONARY

# Not part of a word (BlazePose33), of a version (2.0.1) or of a larger number.
NUMBER = re.compile(r"(?<![\w.,])([-\u2212\u2013+\u00b1]?)(\d+(?:[.,]\d+)?)(?![\w]|[.,]\d)")


def numbers_in(text):
    """Yield (size, decimals, text) of every number; a comma counts as a decimal point."""
    for found in NUMBER.finditer(text):
        digits = found[2].replace(",", ".")
        yield float(digits), len(digits.partition(".")[2]), found[0]


def sizes_of(facts, message_texts):
    """Return every size that may be stated: of facts, their uncertainty, time and count, and of simple arithmetic."""
    sizes = set()
    for fact in facts:
        sizes |= {
            abs(fact[name]) for name in ("value", "uncertainty", "start_s", "end_s", "n") if fact[name] is not None
        }
        if fact["start_s"] is not None and fact["end_s"] is not None:
            sizes.add(fact["end_s"] - fact["start_s"])
        row = DICTIONARY.get(fact["metric"])
        words = f"{row.definition} {row.formula} {row.note} {row.zero} {row.positive}" if row else ""
        sizes |= {size for size, _, _ in numbers_in(f"{words} {fact['label']} {fact['source']}")}
    shown = [size for text in message_texts for size, _, _ in numbers_in(text)]
    for one, other in combinations(sorted(set(shown)), 2):
        sizes |= {abs(one - other), one + other, (one + other) / 2}
    return sizes | {0.0, 1.0, 2.0}  # one side, both sides, between 0 and 1


def unsupported(row):
    """Return the numbers in the assistant's turns of a dataset row that no fact accounts for."""
    facts = json.loads(row["facts"])
    asked = [message["content"] for message in row["messages"] if message["role"] == "user"]
    sizes = sizes_of(facts, asked)
    every = sizes | {size * 100 for size in sizes} | {size * 1000 for size in sizes} | {size / 100 for size in sizes}
    wrong = []
    for message in row["messages"]:
        if message["role"] != "assistant":
            continue
        for size, decimals, text in numbers_in(message["content"]):
            if not any(abs(size - known) <= 0.5 * 10.0**-decimals * (1 + 1e-6) for known in every):
                wrong.append(text)
    return wrong
