"""Where units of work run: in this process, on Dask workers, on Ray actors; and what holds them back."""
