"""Random histories of revisions that are valid on a real server: :func:`parity.histories.history.make_history`."""
