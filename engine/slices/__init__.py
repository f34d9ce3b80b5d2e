"""Slices: test images that share something, and how often the answers to them are right."""
