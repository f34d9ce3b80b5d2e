"""Ours beside the notebook's own way, in one run; never part of the tests."""
