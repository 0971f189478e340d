"""A drawn person whose joints are known exactly: sample clips and the truth that belongs to them."""
