"""What everything else stands on: limits, refusals, progress, caches and background work.

Imports nothing of this project.
"""
