"""Corruption: what is still right of images that are made worse."""
