"""Shards as a dataset for a screen: all their images, or exact counts and some images to look at.

`run` is all that a dashboard needs. It reads few images whole (`whole`); of more it judges every
one, and draws some (`work`, `drawn`, `large`).
"""
