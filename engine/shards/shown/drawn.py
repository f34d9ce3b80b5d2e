"""Draws some of a stream of images, as if at random and in any order the same ones."""

from dataclasses import replace

import numpy as np

from engine.shards.sources.shard import Block, place_hash
from engine.shards.together import Drawn

DRAW_SEED = "draw"


class Drawing:
    """Takes blocks of one shard and keeps the images whose places have the smallest hashes.

    ``drawn`` is what they come to, at most ``here``; None before the first block. Of all shards
    together it will be ``most``.
    """

    def __init__(self, name: str, here: int, most: int) -> None:
        self._drawn: Drawn | None = None
        self._name, self._here, self._most = name, here, most

    @property
    def drawn(self) -> Drawn | None:
        return None if self._drawn is None else replace(self._drawn, most=self._most)

    def add(self, block: Block) -> None:
        """Only images that can be among the drawn are copied: soon these are few of a block."""
        key = place_hash(self._name, block.index, DRAW_SEED)
        full = self._drawn is not None and len(self._drawn) == self._here
        rows = np.flatnonzero(key < self._drawn.key[-1]) if full else np.arange(len(key))
        rows = rows[np.argsort(key[rows], kind="stable")][: self._here]
        name = np.full(len(rows), self._name)
        taken = Drawn(
            self._here, key[rows], name, block.index[rows], block.labels[rows], block.images[rows]
        )
        self._drawn = taken if self._drawn is None else self._drawn + taken
