"""The files that users read: pose model, tables, metrics, exports, plots, summaries and the run report."""
