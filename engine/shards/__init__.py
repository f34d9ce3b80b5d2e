"""Data of any size: many files, read in blocks, whose sums and verdicts are added up exactly.

A shard is a file or some rows of one (`sources`). `sums` fits it and `verdict` judges it, both pure
functions whose results are added with ``+`` in any order; `runners` runs them, here or in a pool of
processes, `study` does both, and `command` is what `python -m engine` does with many files.
"""
