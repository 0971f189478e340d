"""From chosen facts to words: planner, grammar, languages and the ways in which a prompt shows facts."""
