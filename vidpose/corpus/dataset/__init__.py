"""The dataset on disk: what is kept, how it is split and written, and how any dataset is checked."""
