"""How many examples a property test tries: few where one takes long."""

from hypothesis import settings

few_examples = settings(max_examples=max(1, settings().max_examples // 4))
